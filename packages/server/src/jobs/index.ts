export { enqueue, givenUp, type Job, type NewJob } from "./queue.ts";
export { startJobs, type JobEvent, type JobHandler, type JobsOptions } from "./work.ts";
