import type { Terminal } from '../../shared/cli/terminal.js';

/** A terminal that keeps what is written to it, and answers the question for a password with `password`. */
export function recordedTerminal(password?: string): Terminal & { stdout: string; stderr: string } {
  return {
    stdout: '',
    stderr: '',
    out(text) {
      this.stdout += text;
    },
    err(text) {
      this.stderr += text;
    },
    askPassword: async () => password,
  };
}
