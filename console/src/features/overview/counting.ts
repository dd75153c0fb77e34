/** What the overview reads out of names. */

/** When the latest backup was taken, as its name says: `2026-11-30T150751.679Z-775ff655`. */
export function lastBackup(names: readonly string[]): Date | undefined {
  const times = names.flatMap((name) => {
    const found = /^(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d)/.exec(name);
    return found ? [Date.parse(`${found[1]}T${found[2]}:${found[3]}:${found[4]}Z`)] : [];
  });
  return times.length > 0 ? new Date(Math.max(...times)) : undefined;
}
