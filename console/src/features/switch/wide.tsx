/** A table that may be wider than its place: it is scrolled with the keyboard too. */
import { Table, type TableProps } from "antd";

export function WideTable<Row extends object>(
  props: TableProps<Row> & {
    label: string;
    /** Its columns share the place and their text goes on in a second line; it is scrolled only where that is too little. */
    fits?: boolean;
  },
) {
  const { label, fits, ...rest } = props;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to take the focus
    <div className={fits ? "wide fits" : "wide"} role="region" aria-label={label} tabIndex={0}>
      <Table
        size="small"
        pagination={false}
        {...(fits && { tableLayout: "fixed" as const })}
        {...rest}
      />
    </div>
  );
}
