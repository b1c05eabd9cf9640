import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Where a command writes and asks: standard output carries results alone, everything for people beside it goes to standard error. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Shows `text` in the place of all that stood there; absent where nobody watches. */
  redraw?(text: string): void;
  /** Asks for a password without showing it; undefined where nobody is there to answer. */
  askPassword(question: string): Promise<string | undefined>;
}

/** The terminal of this process. */
export const processTerminal: Terminal = {
  ...(process.stdout.isTTY ? { redraw } : {}),
  out: (text) => {
    process.stdout.write(text);
  },
  err: (text) => {
    process.stderr.write(text);
  },
  askPassword(question) {
    if (!process.stdin.isTTY) return Promise.resolve(undefined);
    process.stderr.write(question);
    const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
    const lines = createInterface({ input: process.stdin, output: unseen, terminal: true });
    return new Promise((resolve) => {
      let answer: string | undefined;
      lines.once('line', (line) => {
        answer = line;
        lines.close();
      });
      lines.once('SIGINT', () => lines.close());
      lines.once('close', () => {
        process.stderr.write('\n');
        resolve(answer);
      });
    });
  },
};

/** Home, the text line by line over what stood there, and nothing below: without the flicker of clearing first. */
function redraw(text: string): void {
  process.stdout.write(`\u001b[H${text.replaceAll('\n', '\u001b[K\n')}\u001b[J`);
}
