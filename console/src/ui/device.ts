/** What a browser calls itself, in two words. */
const BROWSERS = [
  [/Edg\//, "Edge"],
  [/Firefox\//, "Firefox"],
  [/Chrom/, "Chrome"],
  [/Safari\//, "Safari"],
] as const;
const SYSTEMS = [
  [/Windows/, "Windows"],
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Mac OS/, "macOS"],
  [/Linux/, "Linux"],
] as const;

export function deviceOf(agent: string | null | undefined): string {
  if (!agent) return "–";
  const first = (all: readonly (readonly [RegExp, string])[]) =>
    all.find(([pattern]) => pattern.test(agent))?.[1];
  const [browser, system] = [first(BROWSERS), first(SYSTEMS)];
  return browser ? [browser, system].filter(Boolean).join(" · ") : agent;
}
