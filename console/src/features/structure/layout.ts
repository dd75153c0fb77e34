/** Where the boxes of an organization chart stand. Only what is open is laid out, so a tree of any size can be drawn. */
import type { Branch } from "./tree";

export const BOX = { width: 178, height: 48 } as const;
const GAP = 14;
const LEVEL = 36;
const STACK = 8;
const INDENT = 22;
/** Children that are shown at once; the box behind them shows as many more. */
export const CHILDREN_STEP = 24;

export type Box = {
  key: string;
  /** Absent for the box that stands for children which are not shown. */
  branch?: Branch;
  /** How many children are not shown. */
  more?: number;
  parent?: string;
  level: number;
  /** Its place among its siblings, from 1, and how many there are. */
  place: number;
  of: number;
  x: number;
  y: number;
};
export type Line = { key: string; points: readonly (readonly [number, number])[] };
export type Laid = { boxes: Box[]; lines: Line[]; width: number; height: number };

/** What is open, and how many children of each open one are shown. */
export type Open = ReadonlyMap<string, number>;

type Part = { key: string; branch?: Branch; more?: number; parts: Part[]; stacked: boolean };

const moreKey = (parent: string) => `${parent}\n+`;

function partOf(branch: Branch, open: Open): Part {
  const shown = open.get(branch.key) ?? 0;
  const parts = branch.children.slice(0, shown).map((child) => partOf(child, open));
  const rest = branch.children.length - parts.length;
  if (shown > 0 && rest > 0) {
    parts.push({ key: moreKey(branch.key), more: rest, parts: [], stacked: false });
  }
  // Children that have none open below them stand in a column: a wide unit stays readable.
  const stacked = parts.every((part) => part.parts.length === 0);
  return { key: branch.key, branch, parts, stacked };
}

function sizeOf(part: Part): readonly [width: number, height: number] {
  if (part.parts.length === 0) return [BOX.width, BOX.height];
  if (part.stacked) {
    const column = part.parts.length * (BOX.height + STACK);
    return [BOX.width + INDENT, BOX.height + LEVEL / 2 + column];
  }
  const sizes = part.parts.map(sizeOf);
  const width = sizes.reduce((sum, [one]) => sum + one + GAP, -GAP);
  const height = Math.max(...sizes.map(([, one]) => one));
  return [Math.max(width, BOX.width), BOX.height + LEVEL + height];
}

type Where = { x: number; y: number; level: number; place: number; of: number; parent?: string };

function put(part: Part, at: Where, laid: Laid): void {
  const [width] = sizeOf(part);
  const x = part.stacked ? at.x : at.x + (width - BOX.width) / 2;
  const { y, level, place, of, parent } = at;
  laid.boxes.push({
    key: part.key,
    ...(part.branch && { branch: part.branch }),
    ...(part.more !== undefined && { more: part.more }),
    ...(parent !== undefined && { parent }),
    level,
    place,
    of,
    x,
    y,
  });
  const below = { level: level + 1, of: part.parts.length, parent: part.key };
  if (part.stacked) {
    const spine = x + INDENT / 2;
    part.parts.forEach((child, index) => {
      const top = y + BOX.height + LEVEL / 2 + index * (BOX.height + STACK);
      put(child, { ...below, x: x + INDENT, y: top, place: index + 1 }, laid);
      const middle = top + BOX.height / 2;
      laid.lines.push({
        key: child.key,
        points: [
          [spine, y + BOX.height],
          [spine, middle],
          [x + INDENT, middle],
        ],
      });
    });
    return;
  }
  const centre = x + BOX.width / 2;
  let left = at.x + (width - widthOf(part)) / 2;
  part.parts.forEach((child, index) => {
    const [own] = sizeOf(child);
    const top = y + BOX.height + LEVEL;
    put(child, { ...below, x: left, y: top, place: index + 1 }, laid);
    const middle =
      (child.stacked && child.parts.length > 0 ? left : left + (own - BOX.width) / 2) +
      BOX.width / 2;
    laid.lines.push({
      key: child.key,
      points: [
        [centre, y + BOX.height],
        [centre, top - LEVEL / 2],
        [middle, top - LEVEL / 2],
        [middle, top],
      ],
    });
    left += own + GAP;
  });
}

const widthOf = (part: Part) =>
  part.parts.map(sizeOf).reduce((sum, [one]) => sum + one + GAP, -GAP);

export function laidOut(branches: readonly Branch[], open: Open): Laid {
  const laid: Laid = { boxes: [], lines: [], width: 0, height: 0 };
  let x = 0;
  branches.forEach((branch, index) => {
    const part = partOf(branch, open);
    const [width, height] = sizeOf(part);
    put(part, { x, y: 0, level: 1, place: index + 1, of: branches.length }, laid);
    x += width + GAP * 2;
    laid.height = Math.max(laid.height, height);
  });
  laid.width = Math.max(0, x - GAP * 2);
  return laid;
}

/** Opens level by level as long as so many boxes are not exceeded; and the way to one that is chosen. */
export function firstOpen(branches: readonly Branch[], boxes_max: number, chosen?: string): Open {
  const open = new Map<string, number>();
  let shown = branches.length;
  let level = [...branches];
  while (level.length > 0) {
    const next = level.flatMap(({ children }) => children.slice(0, CHILDREN_STEP));
    if (next.length === 0 || shown + next.length > boxes_max) break;
    for (const branch of level) {
      if (branch.children.length > 0) open.set(branch.key, CHILDREN_STEP);
    }
    shown += next.length;
    level = next;
  }
  const way = chosen === undefined ? undefined : wayTo(branches, chosen);
  for (const [branch, at] of way ?? []) {
    open.set(branch.key, Math.max(open.get(branch.key) ?? CHILDREN_STEP, at + 1));
  }
  return open;
}

/** Those above one, each with the place of the next among its children. */
function wayTo(branches: readonly Branch[], key: string): [Branch, number][] | undefined {
  for (const branch of branches) {
    if (branch.key === key) return [];
    const below = wayTo(branch.children, key);
    if (below) {
      const next = below[0]?.[0].key ?? key;
      return [[branch, branch.children.findIndex((child) => child.key === next)], ...below];
    }
  }
  return undefined;
}

/** What a key does to a box, where it does not lead to another one. */
export function doneBy(key: string, box: Box, isOpen: boolean): "act" | "toggle" | undefined {
  if (key === "Enter" || key === " ") return "act";
  const folds = (box.branch?.children.length ?? 0) > 0;
  if (!folds) return undefined;
  const opens = key === "+" || key === "ArrowDown";
  return (opens && !isOpen) || (key === "-" && isOpen) ? "toggle" : undefined;
}

/** The box that a key leads to: below, above, or beside on the same level. */
export function neighbour(boxes: readonly Box[], at: string, key: string): string | undefined {
  const box = boxes.find((one) => one.key === at);
  if (!box) return boxes[0]?.key;
  if (key === "ArrowUp") return box.parent;
  if (key === "ArrowDown") return boxes.find(({ parent }) => parent === at)?.key;
  if (key === "Home") return boxes[0]?.key;
  if (key === "End") return boxes.at(-1)?.key;
  const level = boxes
    .filter((one) => one.level === box.level)
    .sort((a, b) => a.x - b.x || a.y - b.y);
  const place = level.findIndex((one) => one.key === at);
  if (key === "ArrowRight") return level[place + 1]?.key;
  if (key === "ArrowLeft") return level[place - 1]?.key;
  return undefined;
}
