/** A table that may be wider than its place: it is scrolled with the keyboard too. */
import { Table, type TableProps } from "antd";

export function WideTable<Row extends object>(props: TableProps<Row> & { label: string }) {
  const { label, ...rest } = props;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to take the focus
    <div className="wide" role="region" aria-label={label} tabIndex={0}>
      <Table size="small" pagination={false} {...rest} />
    </div>
  );
}
