/** A grid of any size: only what is seen is drawn; arrows, Home, End and page keys move, both heads stay. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import { usePrinting } from "./printing";

export type At = { row: number; column: number };

const MOVES: Record<string, readonly [rows: number, columns: number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-10, 0],
  PageDown: [10, 0],
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
};

const between = (value: number, end: number) => Math.min(Math.max(value, 0), end - 1);

export function VirtualGrid(props: {
  label: string;
  rows: number;
  columns: number;
  height: number;
  cell: (at: At, focused: boolean) => ReactNode;
  rowHead: (row: number) => ReactNode;
  columnHead: (column: number) => ReactNode;
  corner?: ReactNode;
  /** Enter or space on a cell. */
  onAct?: (at: At) => void;
  rowHeight?: number;
  columnWidth?: number;
  headWidth?: number;
}) {
  const { rowHeight = 32, columnWidth = 110, headWidth = 220 } = props;
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<At>({ row: 0, column: 0 });
  const printing = usePrinting();
  const getScrollElement = () => box.current;
  const rows = useVirtualizer({
    getScrollElement,
    overscan: printing ? props.rows : 4,
    count: props.rows,
    estimateSize: () => rowHeight,
    paddingStart: rowHeight,
    scrollPaddingStart: rowHeight,
  });
  const columns = useVirtualizer({
    getScrollElement,
    overscan: printing ? props.columns : 4,
    horizontal: true,
    count: props.columns,
    estimateSize: () => columnWidth,
    paddingStart: headWidth,
    scrollPaddingStart: headWidth,
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" || event.key === " ") props.onAct?.(at);
    const move = MOVES[event.key];
    if (move) {
      const next = {
        row: between(at.row + move[0], props.rows),
        column: between(at.column + move[1], props.columns),
      };
      setAt(next);
      rows.scrollToIndex(next.row);
      columns.scrollToIndex(next.column);
    } else if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
  };

  const id = (row: number, column: number) => `${props.label}-${row}-${column}`.replace(/\s/g, "_");
  const shownColumns = columns.getVirtualItems();
  return (
    <div
      ref={box}
      className="grid sheet"
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={props.rows + 1}
      aria-colcount={props.columns + 1}
      aria-activedescendant={id(at.row, at.column)}
      style={{ height: printing ? "auto" : props.height }}
      onKeyDown={onKeyDown}
    >
      <div
        role="row"
        aria-rowindex={1}
        tabIndex={-1}
        style={{ position: "sticky", top: 0, height: 0, zIndex: 2, width: columns.getTotalSize() }}
      >
        {shownColumns.map((column) => (
          <div
            key={column.key}
            role="columnheader"
            tabIndex={-1}
            aria-colindex={column.index + 2}
            style={{ left: column.start, width: column.size, height: rowHeight }}
          >
            {props.columnHead(column.index)}
          </div>
        ))}
        <div
          role="columnheader"
          tabIndex={-1}
          aria-colindex={1}
          style={{ position: "sticky", left: 0, width: headWidth, height: rowHeight, zIndex: 1 }}
        >
          {props.corner}
        </div>
      </div>
      <div style={{ height: rows.getTotalSize(), width: columns.getTotalSize() }} role="rowgroup">
        {rows.getVirtualItems().map((row) => (
          <div
            key={row.key}
            role="row"
            tabIndex={-1}
            aria-rowindex={row.index + 2}
            style={{
              position: "absolute",
              top: row.start,
              height: row.size,
              width: columns.getTotalSize(),
            }}
          >
            {shownColumns.map((column) => {
              const focused = at.row === row.index && at.column === column.index;
              return (
                <div
                  key={column.key}
                  id={id(row.index, column.index)}
                  role="gridcell"
                  tabIndex={-1}
                  aria-colindex={column.index + 2}
                  aria-selected={focused}
                  style={{ left: column.start, width: column.size, height: row.size }}
                  onMouseDown={() => setAt({ row: row.index, column: column.index })}
                >
                  {props.cell({ row: row.index, column: column.index }, focused)}
                </div>
              );
            })}
            <div
              role="rowheader"
              tabIndex={-1}
              aria-colindex={1}
              style={{ position: "sticky", left: 0, width: headWidth, height: row.size, zIndex: 1 }}
            >
              {props.rowHead(row.index)}
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}
