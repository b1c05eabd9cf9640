/** What the telemetry of one run is joined by: W3C Trace Context, as the Functions host hands it to an invocation. */
export interface Operation {
  /** Thirty-two hexadecimal digits. */
  readonly id: string;
  /** The host's own telemetry of the invocation; absent when there is none. */
  readonly parentId?: string;
}

const traceParentForm = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-[\da-f]{2}/;

/** The operation a `traceparent` header field names (W3C Trace Context section 3.2); without a good one, a new operation. */
export function toOperation(traceParent: string | undefined, token: (length: number) => string): Operation {
  const [, id, parentId] = traceParentForm.exec(traceParent ?? '') ?? [];
  return id === undefined || parentId === undefined ? { id: token(32) } : { id, parentId };
}
