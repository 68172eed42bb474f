export { enqueue, failedJobs, givenUp, waitingPayload, type Job } from "./queue.ts";
export { periodicKey, startJobs, type JobEvent, type JobHandler, type JobsOptions } from "./work.ts";
