import { describe, expect, test } from 'vitest';
import { toOperation } from '../../../shared/telemetry/operation.js';

const token = (length: number) => 'f'.repeat(length);
const trace = '0af7651916cd43dd8448eb211c80319c';
const span = 'b7ad6b7169203331';

describe('the operation of an invocation', () => {
  test.each([`00-${trace}-${span}-01`, `00-${trace}-${span}-00`, `01-${trace}-${span}-01-more`])(
    'is named by its trace context: %s',
    (traceParent) => {
      expect(toOperation(traceParent, token)).toEqual({ id: trace, parentId: span });
    },
  );

  test.each([
    undefined,
    '',
    'nonsense',
    `ff-${trace}-${span}-01`,
    `00-${'0'.repeat(32)}-${span}-01`,
    `00-${trace}-${'0'.repeat(16)}-01`,
    `00-${trace.toUpperCase()}-${span}-01`,
    `00-${trace}-${span}`,
  ])('is a new one where there is no good trace context: %s', (traceParent) => {
    expect(toOperation(traceParent, token)).toEqual({ id: 'f'.repeat(32) });
  });
});
