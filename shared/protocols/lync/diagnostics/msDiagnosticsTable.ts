import type { DiagnosisCode } from '../../../domain/diagnosis.js';
import { applicationRows } from './applicationRows.js';
import { conferenceRows } from './conferenceRows.js';
import { presenceRows } from './presenceRows.js';
import { routingRows } from './routingRows.js';
import type { Certainty, Row } from './row.js';
import { userRows } from './userRows.js';

/** What is known about one number of ms-diagnostics. */
export interface Explanation {
  readonly meaning: string;
  readonly certainty: Certainty;
  readonly cause: string | undefined;
  /** Where the number alone tells a fault from others with the same status. */
  readonly code: DiagnosisCode | undefined;
}

/** Every number with a meaning, in order. */
export const msDiagnosticsRows: readonly Row[] = [
  ...routingRows,
  ...presenceRows,
  ...conferenceRows,
  ...userRows,
  ...applicationRows,
];

const rows = new Map(msDiagnosticsRows.map((row) => [row[0], row]));

const codes: readonly (readonly [code: DiagnosisCode, ids: readonly number[]])[] = [
  ['AUTH_CREDENTIALS_REJECTED', [1000]],
  ['AUTH_CLOCK_SKEW', [1013]],
  ['AUTH_REMOTE_ACCESS_FORBIDDEN', [4003]],
  ['AUTH_IDENTITY_MISMATCH', [4004]],
  ['SIP_USER_NOT_FOUND', [1003, 2005, 4005]],
  ['SIP_USER_HOMED_ELSEWHERE', [4006]],
  ['SIP_CLIENT_VERSION_REFUSED', [17002, 17003]],
  ['SIP_NEXT_HOP_UNRESOLVED', [1014]],
  ['SIP_NEXT_HOP_UNTRUSTED', [1010, 1039]],
  ['SIP_NEXT_HOP_UNREACHABLE', [1007, 1031, 1038]],
  ['FEDERATION_SRV_UNRESOLVED', [1008]],
  ['FEDERATION_DOMAIN_REFUSED', [1005, 1009, 1015, 1017, 1027, 1028]],
  ['FEDERATION_POLICY_FORBIDS', [1001, 1002, 1012]],
  ['FEDERATION_PARTNER_REFUSED', [1034, 1035, 1036]],
  ['FEDERATION_PARTNER_UNREACHABLE', [1046, 1047]],
];

const codeOf = new Map(codes.flatMap(([code, ids]) => ids.map((id) => [id, code] as const)));

/** Numbers of these are not published one by one. */
const ranges: readonly (readonly [first: number, last: number, meaning: string, cause: string])[] = [
  [9_000, 9_999, 'the A/V authentication service (MRAS) decided about the request', 'Its reason says why.'],
  [16_000, 16_999, 'the IM filter decided about the message', 'A rule about links or files in messages.'],
];

/** What a number means; undefined for one that no table here has. */
export function explain(id: number): Explanation | undefined {
  const row = rows.get(id);
  if (row) return { certainty: row[1], meaning: row[2], cause: row[3], code: codeOf.get(id) };
  const range = ranges.find(([first, last]) => first <= id && id <= last);
  return range && { certainty: 'published', meaning: range[2], cause: range[3], code: undefined };
}
