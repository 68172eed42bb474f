export { enqueue, givenUp } from "./queue.ts";
export { startJobs, type JobEvent, type JobHandler, type JobsOptions } from "./work.ts";
