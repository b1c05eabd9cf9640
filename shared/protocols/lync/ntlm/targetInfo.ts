/** What a server tells about itself in its challenge (MS-NLMP 2.2.2.1). */
export interface TargetInfo {
  /** As it came, end mark included: the client's answer carries it unchanged. */
  readonly bytes: Buffer;
  /** FILETIME, eight bytes; servers of the last decade send it. */
  readonly timestamp: Buffer | undefined;
}

const endOfList = 0;
const timestampId = 7;
const mostPairs = 64;

/** Reads the list of attribute-value pairs; a text says what is wrong with it. */
export function readTargetInfo(bytes: Buffer): TargetInfo | string {
  let timestamp: Buffer | undefined;
  let at = 0;
  for (let pairs = 0; pairs < mostPairs; pairs += 1) {
    if (at + 4 > bytes.length) return 'the list of target information has no end mark';
    const id = bytes.readUInt16LE(at);
    const length = bytes.readUInt16LE(at + 2);
    if (id === endOfList) return { bytes: bytes.subarray(0, at + 4), timestamp };
    if (at + 4 + length > bytes.length) return `target information ${id} is longer than the list`;
    if (id === timestampId) {
      if (length !== 8) return `the timestamp has ${length} bytes and not 8`;
      timestamp = bytes.subarray(at + 4, at + 12);
    }
    at += 4 + length;
  }
  return `the list of target information has more than ${mostPairs} entries`;
}
