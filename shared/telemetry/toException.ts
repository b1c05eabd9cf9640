import { printable } from '../domain/text.js';
import { bounded } from './facts.js';
import type { Operation } from './operation.js';
import type { TelemetryItem } from './telemetryItem.js';

const messageLength = 500;
const mostFrames = 15;

/** An error of our own as telemetry: its name, its words bounded, and where it came from; of its cause the kind alone. */
export function toException(error: unknown, operation: Operation, timeMs: number): TelemetryItem {
  const { name, message, stack } = error instanceof Error ? error : new Error('something that is no Error was thrown');
  const typeName = printable(name, 100);
  const words = printable(message, messageLength);
  const frames = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    kind: 'exception',
    typeName,
    message: words,
    // Made anew: the first lines of a stack repeat the message at its full length.
    stack: [`${typeName}: ${words}`, ...frames.slice(0, mostFrames)].join('\n'),
    timeMs,
    operationId: operation.id,
    parentId: operation.parentId,
    properties: bounded({ cause: error instanceof Error ? kindOf(error.cause) : undefined }),
    measurements: {},
  };
}

/** `RestError 403`, `Error ECONNREFUSED`: the text of a cause may hold what a server sent. */
function kindOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  const status = 'statusCode' in cause ? cause.statusCode : undefined;
  const code = 'code' in cause ? cause.code : undefined;
  const known = [status, code].filter(
    (part) => typeof part === 'number' || (typeof part === 'string' && /^\w{1,64}$/.test(part)),
  );
  return [cause.name, ...known].join(' ');
}
