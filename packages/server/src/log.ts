/** What happened, in words and numbers that may stand in a log: no names, addresses, contents or keys. */
type LogEvent = Readonly<Record<string, string | number | boolean>>;
export type Log = (event: LogEvent) => void;

/** One JSON object a line, on standard output. */
export const printLog: Log = (event) => {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
};
