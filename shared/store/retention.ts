const dayMs = 86_400_000;

/**
 * Of the tables with these names, those whose last day ended more than `retentionDays` ago: monthly tables of results alone,
 * and never those of the current or the previous month.
 */
export function expiredTables(names: readonly string[], now: number, retentionDays: number): readonly string[] {
  const today = new Date(now);
  const previousMonth = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - 1);
  return names.filter((name) => {
    const end = monthOf(name);
    return end !== undefined && end.startsAt < previousMonth && now - end.endsAt > retentionDays * dayMs;
  });
}

/** The month of a table that is called `Results202611`. */
function monthOf(name: string): { readonly startsAt: number; readonly endsAt: number } | undefined {
  const [, year, month] = /^Results(\d{4})(0[1-9]|1[0-2])$/.exec(name) ?? [];
  if (year === undefined || month === undefined) return undefined;
  return { startsAt: Date.UTC(Number(year), Number(month) - 1), endsAt: Date.UTC(Number(year), Number(month)) };
}
