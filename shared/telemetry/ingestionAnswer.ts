/** What is wrong with an answer of the ingestion endpoint, in words; undefined when everything was accepted. */
export function troubleOf(status: number, body: string): string | undefined {
  if (status === 200) return undefined;
  if (status !== 206) return `ingestion answered ${status}${meanings[status] ?? ''}`;
  const counts = countsOf(body);
  return counts
    ? `ingestion accepted ${counts.accepted} of ${counts.received} items`
    : 'ingestion accepted only a part';
}

/** The kind of an error on the way there: its code, or else its name. Its text may hold the endpoint and more. */
export function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : error.name;
}

const meanings: Readonly<Record<number, string>> = {
  400: ' (it refused the instrumentation key or the data)',
  401: ' (it wants a token, or another one)',
  402: ' (the quota is used up)',
  403: ' (the identity lacks the role Monitoring Metrics Publisher)',
  429: ' (too many requests)',
  439: ' (the daily cap is reached)',
};

function countsOf(body: string): { readonly received: number; readonly accepted: number } | undefined {
  const [, received] = /"itemsReceived"\s*:\s*(\d{1,9})\b/.exec(body) ?? [];
  const [, accepted] = /"itemsAccepted"\s*:\s*(\d{1,9})\b/.exec(body) ?? [];
  if (received === undefined || accepted === undefined) return undefined;
  return { received: Number(received), accepted: Number(accepted) };
}
