/** What a cell of a permission screen can hold, how it is stepped through, read from a paste, and which are risky. */

export const SCOPES = ["none", "reachable", "unit", "unit_and_below", "all"] as const;
export type Scope = (typeof SCOPES)[number];

export const ACCESSES = ["hidden", "masked", "read", "edit", "masked+edit", "only_edit"] as const;
export type Access = (typeof ACCESSES)[number];

export const ACTIONS = [
  "read",
  "create",
  "edit",
  "delete",
  "assign",
  "share",
  "append",
  "append_to",
  "export",
  "import",
  "claim",
] as const;

/** `scope`: how far an action goes. `flag`: yes or no. `access`: what of a field. `off`: nothing belongs there. */
export type CellKind = "scope" | "flag" | "access" | "off";

export const UNASSIGNED = "+unassigned";

export type Grant = { scope: Scope; unassigned: boolean };

export function grantOf(text: string): Grant {
  const unassigned = text.endsWith(UNASSIGNED);
  const scope = unassigned ? text.slice(0, -UNASSIGNED.length) : text;
  return { scope: SCOPES.find((one) => one === scope) ?? "none", unassigned };
}

export const grantText = ({ scope, unassigned }: Grant): string =>
  unassigned ? `${scope}${UNASSIGNED}` : scope;

/** The four levels that people choose from; the two others come from imports. */
const STEPS: Readonly<Record<CellKind, readonly string[]>> = {
  scope: SCOPES,
  flag: ["no", "yes"],
  access: ACCESSES.slice(0, 4),
  off: [],
};

export const choices = (kind: CellKind): readonly string[] => STEPS[kind];

export const nothing = (kind: CellKind): string => STEPS[kind][0] ?? "";

/** The next value after this one, back to the first after the last. */
export function stepped(kind: CellKind, value: string): string {
  const steps = STEPS[kind];
  if (kind === "scope") {
    const { scope, unassigned } = grantOf(value);
    const next = SCOPES[(SCOPES.indexOf(scope) + 1) % SCOPES.length] ?? "none";
    return grantText({ scope: next, unassigned });
  }
  return steps[(steps.indexOf(value) + 1) % steps.length] ?? "";
}

/** With or without the records that nobody owns. */
export function turned(kind: CellKind, value: string): string {
  if (kind !== "scope") return value;
  const grant = grantOf(value);
  return grantText({ ...grant, unassigned: !grant.unassigned });
}

/** What a pasted or chosen word means in a cell of this kind; `undefined` when it means nothing there. */
export function accepted(kind: CellKind, word: string): string | undefined {
  const text = word.trim();
  if (kind === "scope") {
    const scope = text.replace(UNASSIGNED, "");
    return SCOPES.some((one) => one === scope) ? text : undefined;
  }
  if (kind === "access") return ACCESSES.find((one) => one === text);
  return STEPS[kind].find((one) => one === text);
}

/** How strong the colour is, 0 to 4. */
export function strength(kind: CellKind, value: string): number {
  if (kind === "scope") return SCOPES.indexOf(grantOf(value).scope);
  if (kind === "flag") return value === "yes" ? 4 : 0;
  return [0, 1, 2, 4, 3, 3][(ACCESSES as readonly string[]).indexOf(value)] ?? 0;
}

export const isGranted = (kind: CellKind, value: string): boolean =>
  kind === "scope" ? value !== "none" : kind !== "off" && value !== nothing(kind) && value !== "";

const CHANGES = ["edit", "delete", "assign"];

/** What an administrator looks at twice: whole companies, what takes data out, and what cannot be undone. */
export function isRisky(kind: CellKind, action: string, value: string): boolean {
  if (kind === "flag") return value === "yes";
  if (kind !== "scope") return false;
  const { scope } = grantOf(value);
  if (action === "export") return scope !== "none";
  if (action === "create" || action === "import") return false;
  return scope === "all" && (action === "read" || CHANGES.includes(action));
}

/** A block of cells as a spreadsheet takes it. */
export const toTsv = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => row.join("\t")).join("\n");

export const fromTsv = (text: string): string[][] =>
  text
    .replace(/\r/g, "")
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => line.split("\t"));
