/** The only place that time comes from. */
export interface Clock {
  now(): Date;
}
