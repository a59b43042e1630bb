/** Something that happened to a job. */
export interface News {
  /** The name of the event; `log`, `progress`, and at last `end`. */
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}
