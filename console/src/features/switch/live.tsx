/** What a window lets through, while it is open and afterwards: would-denies, lists that held more, writes. */
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import dayjs from "dayjs";
import { useMemo } from "react";
import { actionWord, refusalWord } from "../../i18n/switch-acts";
import { preview as words } from "../../i18n/switch-preview";
import { useLanguage, useWords } from "../../i18n/words";
import { Chart } from "../../ui/chart";
import { PersonTag } from "../../ui/person";
import { Answered } from "../../ui/state";
import { RecordTag, useTitles } from "../../ui/titles";
import type { WindowEvidence } from "./documents";
import { Clock, useObjectName } from "./parts";
import { type Shown, useNames, useReport } from "./queries";
import { WideTable } from "./wide";

type Passed = {
  sequence: number;
  at_us: number | undefined;
  kind: "liveWould" | "liveLists" | "liveRead" | "liveWrites";
  user: string;
  action: string;
  object: string;
  record: string | null;
  refusal: string;
  rules: readonly string[];
  rows?: number;
};

/** Everything that was let through as one list, the latest first. */
export function passed({ would_denies, lists, writes, timeline }: WindowEvidence): Passed[] {
  const times = new Map(timeline.map((event) => [event.sequence, event.effective_us]));
  return [
    ...would_denies.rows.map((row) => ({ ...row, kind: "liveWould" as const })),
    ...lists.map((row) => ({
      ...row,
      kind: row.record ? ("liveRead" as const) : ("liveLists" as const),
      record: row.record ?? null,
      refusal: "",
      rules: [],
    })),
    ...writes.map((row) => ({
      sequence: row.sequence,
      at_us: times.get(row.sequence),
      kind: "liveWrites" as const,
      user: row.by,
      action: { created: "create", changed: "edit", deleted: "delete" }[row.what] ?? row.what,
      object: row.object,
      record: row.record,
      refusal: "",
      rules: [],
    })),
  ].sort((one, other) => other.sequence - one.sequence);
}

/** What was read or written alone has no refusal of its own in the ledger; the explainer tells it as of then. */
function AskWhy(props: { row: Passed }) {
  const say = useWords(words);
  const { user, action, object, record, at_us } = props.row;
  if (record === null || at_us === undefined) return "";
  const at = dayjs(at_us / 1000).toISOString();
  return (
    <Link
      to={"/explain" as string}
      search={{ who: user, act: action, object, record, at } as never}
    >
      {say("askWhy")}
    </Link>
  );
}

const MINUTE_US = 60_000_000;
const BARS_MAX = 240;

/** How much was let through in each minute, from the first to the last. */
export function perMinute(rows: readonly { at_us: number | undefined }[]): [number, number][] {
  const minutes = rows.flatMap(({ at_us }) =>
    at_us === undefined ? [] : [Math.floor(at_us / MINUTE_US)],
  );
  if (minutes.length === 0) return [];
  const first = Math.min(...minutes);
  const last = Math.min(Math.max(...minutes), first + BARS_MAX - 1);
  const counts = new Map<number, number>();
  for (const minute of minutes) counts.set(minute, (counts.get(minute) ?? 0) + 1);
  return Array.from({ length: last - first + 1 }, (_, index) => [
    ((first + index) * MINUTE_US) / 1000,
    counts.get(first + index) ?? 0,
  ]);
}

export function Live(props: { shown: Shown; isOpen: boolean }) {
  const say = useWords(words);
  const { request } = props.shown;
  const found = useReport(request.id, props.isOpen, request.version);
  return (
    <Answered of={found}>
      {({ window }) => {
        const rows = window ? passed(window) : [];
        return (
          <div className="document">
            {props.isOpen && (
              <div>
                <Button
                  size="small"
                  loading={found.isFetching}
                  onClick={() => void found.refetch()}
                >
                  {say("refresh")}
                </Button>
              </div>
            )}
            {rows.length === 0 ? (
              <p className="quiet">{say(props.isOpen ? "liveNone" : "liveNoneClosed")}</p>
            ) : (
              <>
                <PassedChart rows={rows} />
                <PassedTable rows={rows} />
              </>
            )}
          </div>
        );
      }}
    </Answered>
  );
}

export function PassedChart(props: { rows: readonly Passed[] }) {
  const say = useWords(words);
  const { rows } = props;
  const title = say("chart");
  const bars = useMemo(() => perMinute(rows), [rows]);
  const option = useMemo(
    () => ({
      xAxis: { type: "category", data: bars.map(([at]) => dayjs(at).format("HH:mm")) },
      yAxis: { type: "value", minInterval: 1 },
      series: [{ type: "bar", name: title, barMaxWidth: 18, data: bars.map(([, n]) => n) }],
    }),
    [bars, title],
  );
  return <Chart title={title} option={option} height={140} />;
}

export function PassedTable(props: { rows: readonly Passed[] }) {
  const say = useWords(words);
  const language = useLanguage() === "en" ? 0 : 1;
  const object = useObjectName();
  const nameOf = useNames();
  const titles = useTitles(props.rows);
  return (
    <WideTable
      fits
      label={say("chart")}
      rowKey="sequence"
      pagination={props.rows.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
      dataSource={[...props.rows]}
      columns={[
        {
          key: "at",
          title: say("when"),
          width: 106,
          render: (_, row) => <Clock us={row.at_us} />,
        },
        {
          key: "user",
          title: say("who"),
          width: 110,
          render: (_, row) => <PersonTag id={row.user} name={nameOf(row.user)} />,
        },
        {
          key: "kind",
          title: say("kind"),
          width: 140,
          render: (_, row) => (
            <>
              {say(row.kind)}
              <div className="quiet">{actionWord(row.action, language)}</div>
            </>
          ),
        },
        {
          key: "record",
          title: say("record"),
          render: (_, row) => (
            <>
              <div>
                {row.record !== null || row.rows === undefined ? (
                  <RecordTag {...row} titles={titles} />
                ) : (
                  say("liveMore", { n: row.rows })
                )}
              </div>
              <div className="quiet">{object(row.object)}</div>
            </>
          ),
        },
        {
          key: "refusal",
          title: say("refusal"),
          width: 144,
          render: (_, row) => (
            <>
              {row.refusal ? refusalWord(row.refusal, language) : <AskWhy row={row} />}
              {row.rules.length > 0 && (
                <div className="quiet cut" title={row.rules.join(", ")}>
                  {row.rules.join(", ")}
                </div>
              )}
            </>
          ),
        },
        {
          key: "sequence",
          title: say("reference"),
          width: 76,
          align: "right",
          render: (_, row) => <span className="number">{row.sequence}</span>,
        },
      ]}
    />
  );
}
