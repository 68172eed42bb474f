export { enqueue, givenUp, type Job } from "./queue.ts";
export { startJobs, type JobEvent, type JobHandler, type JobsOptions } from "./work.ts";
