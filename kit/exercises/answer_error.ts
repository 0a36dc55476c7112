/** Why an answer gave no value: it threw, took too long, asked for a permission, returned something that cannot cross. */
export class AnswerError extends Error {
  override name = "AnswerError";
  /** Whether the answer itself threw, which can be what a check asks for. */
  readonly thrown: boolean;
  /** Whether it was stopped because of its memory. */
  readonly memory: boolean;

  constructor(
    message: string,
    { thrown = false, memory = false }: { thrown?: boolean; memory?: boolean } = {},
  ) {
    super(message);
    this.thrown = thrown;
    this.memory = memory;
  }
}
