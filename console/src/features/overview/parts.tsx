/** Tiles and small charts of the overview. */
import { Link } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import { screens } from "../../screens";
import { Chart } from "../../ui/chart";

/** A number that leads to what it counts, where there is a screen for that. */
export function Tile(props: {
  name: string;
  value: ReactNode;
  about?: ReactNode;
  alarm?: boolean;
  to?: string;
  search?: Record<string, string>;
}) {
  const { to } = props;
  const path = to?.split("?")[0];
  const known = path !== undefined && screens.some((screen) => leadsTo(screen.path, path));
  const inside = (
    <>
      <span className="quiet">{props.name}</span>
      <b className="number">{props.value}</b>
      {props.about && <span className="quiet">{props.about}</span>}
    </>
  );
  const look = props.alarm ? "sheet tile alarm" : "sheet tile";
  if (!known) return <div className={look}>{inside}</div>;
  return (
    <Link to={path as string} search={(props.search ?? {}) as never} className={look}>
      {inside}
    </Link>
  );
}

/** Whether an address is one of a screen: `/records/Account` of `/records/$object`. */
export function leadsTo(screen: string, path: string): boolean {
  const [steps, given] = [screen.split("/"), path.split("/")];
  return (
    steps.length === given.length &&
    steps.every((step, n) => step.startsWith("$") || step === given[n])
  );
}

export function Bars(props: {
  title: string;
  rows: readonly (readonly [name: string, count: number])[];
}) {
  const { rows } = props;
  const option = useMemo(
    () => ({
      xAxis: { type: "value", minInterval: 1 },
      yAxis: { type: "category", inverse: true, data: rows.map(([name]) => name) },
      series: [
        {
          type: "bar",
          barMaxWidth: 16,
          data: rows.map(([, count]) => count),
          label: { show: true, position: "right" },
        },
      ],
    }),
    [rows],
  );
  return (
    <Chart title={props.title} option={option} height={Math.min(240, 60 + 28 * rows.length)} />
  );
}

export function Hours(props: {
  title: string;
  hours: readonly string[];
  series: readonly { name: string; data: readonly number[] }[];
}) {
  const { hours, series } = props;
  const option = useMemo(
    () => ({
      legend: { top: 0, right: 0 },
      grid: { left: 8, right: 16, top: 34, bottom: 8, outerBoundsMode: "same" },
      xAxis: { type: "category", data: hours },
      yAxis: { type: "value", minInterval: 1 },
      series: series.map((one) => ({ ...one, type: "bar", stack: "all", barMaxWidth: 18 })),
    }),
    [hours, series],
  );
  return <Chart title={props.title} option={option} height={200} />;
}
