/** Something a person has to put right; the message says what was found and what was expected. */
export class RigError extends Error {
  override readonly name: string = 'RigError';
}

/** A command, name or setting that does not exist; the message names the choices. */
export class UsageError extends RigError {
  override readonly name = 'UsageError';
}
