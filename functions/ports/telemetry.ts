/** What a use case tells while it works: progress for a person, nothing that identifies a customer. */
export interface Telemetry {
  /** A step of long work has begun. */
  step(text: string): void;
  /** A finished step, with what is worth knowing of it. */
  done(text: string): void;
  /** Something a person should look at; the work goes on. */
  warn(text: string): void;
}
