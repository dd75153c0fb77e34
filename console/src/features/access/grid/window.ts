/** Which rows and columns are drawn: those in sight and some around, in steps, so that most scrolling draws nothing. */
import { type RefObject, useEffect, useState } from "react";

export type Measures = { row: number; column: number; head: number; rows: number; columns: number };
export type Window = { top: number; bottom: number; left: number; right: number };

const ROWS_STEP = 6;
const COLUMNS_STEP = 3;

type View = { top: number; left: number; height: number; width: number };

function span(from: number, length: number, size: number, step: number, count: number) {
  const first = Math.floor(from / size / step) * step - step;
  const last = Math.ceil((from + length) / size / step) * step + step;
  return [Math.max(0, first), Math.min(count, last)] as const;
}

/** From the first row and column that are drawn up to but not including the last. */
export function seen(view: View, at: Measures): Window {
  const [top, bottom] = span(view.top, view.height, at.row, ROWS_STEP, at.rows);
  const width = Math.max(0, view.width - at.head);
  const [left, right] = span(view.left, width, at.column, COLUMNS_STEP, at.columns);
  return { top, bottom, left, right };
}

/** Everything, for paper. */
export const whole = ({ rows, columns }: Measures): Window => ({
  top: 0,
  bottom: rows,
  left: 0,
  right: columns,
});

const equal = (a: Window, b: Window) =>
  a.top === b.top && a.bottom === b.bottom && a.left === b.left && a.right === b.right;

export function useWindow(box: RefObject<HTMLElement | null>, measures: Measures): Window {
  const { row, column, head, rows, columns } = measures;
  const [shown, show] = useState<Window>({ top: 0, bottom: 0, left: 0, right: 0 });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => {
      const view = {
        top: element.scrollTop,
        left: element.scrollLeft,
        height: element.clientHeight,
        width: element.clientWidth,
      };
      const next = seen(view, { row, column, head, rows, columns });
      show((now) => (equal(now, next) ? now : next));
    };
    look();
    const watch = new ResizeObserver(look);
    watch.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      watch.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [box, row, column, head, rows, columns]);
  return shown;
}
