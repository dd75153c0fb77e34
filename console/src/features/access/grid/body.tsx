/** The drawn part of a grid. Rows and cells are remembered: a scroll draws what comes into sight and nothing else. */
import { memo, type ReactNode, type RefObject } from "react";
import { usePrinting } from "../../../ui/printing";
import type { CellKind } from "../levels";
import { useWindow, whole } from "./window";

export type CellView = {
  kind: CellKind;
  text: string;
  /** How strong its colour is, 0 to 4. */
  level: number;
  /** What is read out: column, value and marks. */
  spoken: string;
  changed: boolean;
  risky: boolean;
  /** What acts without being stated here, such as by "view all". */
  implied?: boolean;
};

export type Column = { key: string; title: string; hint?: string };

export type Model = {
  rows: number;
  columns: readonly Column[];
  rowKey: (row: number) => string;
  head: (row: number) => ReactNode;
  cell: (row: number, column: number) => CellView | undefined;
};

export const ROW = 32;
export const HEADS = 40;

export const cellId = (grid: string, row: number, column: number) => `${grid}-${row}-${column}`;

type CellProps = {
  id: string;
  index: number;
  column: number;
  width: number;
  view: CellView | undefined;
};

const marks = (view: CellView) =>
  ["chip", `level-${view.level}`, view.risky && "risky", view.implied && "implied"]
    .filter(Boolean)
    .join(" ");

function alike(a: CellProps, b: CellProps): boolean {
  if (a.id !== b.id || a.index !== b.index || a.width !== b.width) return false;
  const { view: one } = a;
  const { view: other } = b;
  if (!one || !other) return one === other;
  return one.spoken === other.spoken && marks(one) === marks(other) && one.text === other.text;
}

const Cell = memo(function Cell({ id, index, column, width, view }: CellProps) {
  return (
    <div
      id={id}
      role="gridcell"
      tabIndex={-1}
      aria-colindex={index + 2}
      aria-label={view?.spoken ?? "–"}
      data-column={index}
      className={view?.changed ? "changed" : view ? undefined : "nothing"}
      style={{ left: column, width, height: ROW }}
    >
      {view && <span className={marks(view)}>{view.text}</span>}
    </div>
  );
}, alike);

type RowProps = {
  grid: string;
  index: number;
  left: number;
  right: number;
  columnWidth: number;
  headWidth: number;
  model: Model;
};

const Row = memo(function Row(props: RowProps) {
  const { grid, index, left, right, columnWidth, headWidth, model } = props;
  const cells: ReactNode[] = [];
  for (let column = left; column < right; column += 1) {
    cells.push(
      <Cell
        key={column}
        id={cellId(grid, index, column)}
        index={column}
        column={headWidth + column * columnWidth}
        width={columnWidth}
        view={model.cell(index, column)}
      />,
    );
  }
  return (
    <div
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      data-row={index}
      style={{
        position: "absolute",
        top: HEADS + index * ROW,
        height: ROW,
        width: headWidth + model.columns.length * columnWidth,
      }}
    >
      <div
        role="rowheader"
        tabIndex={-1}
        aria-colindex={1}
        style={{ position: "sticky", left: 0, width: headWidth, height: ROW, zIndex: 1 }}
      >
        {model.head(index)}
      </div>
      {cells}
    </div>
  );
});

export const Body = memo(function Body(props: {
  grid: string;
  box: RefObject<HTMLDivElement | null>;
  model: Model;
  columnWidth: number;
  headWidth: number;
  corner?: ReactNode;
}) {
  const { grid, box, model, columnWidth, headWidth, corner } = props;
  const { rows, columns } = model;
  const measures = {
    row: ROW,
    column: columnWidth,
    head: headWidth,
    rows,
    columns: columns.length,
  };
  const inSight = useWindow(box, measures);
  const shown = usePrinting() ? whole(measures) : inSight;
  const width = headWidth + columns.length * columnWidth;
  const lines: ReactNode[] = [];
  for (let row = shown.top; row < shown.bottom; row += 1) {
    lines.push(
      <Row
        key={model.rowKey(row)}
        grid={grid}
        index={row}
        left={shown.left}
        right={shown.right}
        columnWidth={columnWidth}
        headWidth={headWidth}
        model={model}
      />,
    );
  }
  return (
    <>
      <div
        role="row"
        aria-rowindex={1}
        tabIndex={-1}
        style={{ position: "sticky", top: 0, height: 0, zIndex: 3, width }}
      >
        <div
          role="columnheader"
          tabIndex={-1}
          aria-colindex={1}
          style={{ position: "sticky", left: 0, width: headWidth, height: HEADS, zIndex: 1 }}
        >
          {corner}
        </div>
        {columns.slice(shown.left, shown.right).map((column, nth) => (
          <div
            key={column.key}
            role="columnheader"
            tabIndex={-1}
            aria-colindex={shown.left + nth + 2}
            data-head={shown.left + nth}
            title={column.hint ?? column.title}
            style={{
              left: headWidth + (shown.left + nth) * columnWidth,
              width: columnWidth,
              height: HEADS,
            }}
          >
            <span className="cut">{column.title}</span>
          </div>
        ))}
      </div>
      <div role="rowgroup" style={{ height: HEADS + rows * ROW, width }}>
        {lines}
      </div>
    </>
  );
});
