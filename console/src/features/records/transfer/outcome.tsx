/** What an import would do, or did: counts, the rows that do not fit with why, and all of those as a file. */
import { Link } from "@tanstack/react-router";
import { Alert, Progress as Bar, Button, Space, Spin, Table } from "antd";
import { useState } from "react";
import { transfer } from "../../../i18n/transfer";
import { useWords } from "../../../i18n/words";
import { Refused } from "../refused";
import { errorFile, type ImportOutcome, keep, type Mapping, type Progress } from "./port";

const HUNDRED = 100;

export function Running(props: { progress: Progress; words: string }) {
  const say = useWords(transfer);
  const { done, all } = props.progress;
  return (
    <div role="status" className="stack">
      <Space>
        <Spin size="small" />
        {props.words}
      </Space>
      {all !== undefined && (
        <>
          <Bar percent={Math.round((done / Math.max(all, 1)) * HUNDRED)} aria-label={props.words} />
          <span className="quiet number">{say("rows", { done, all })}</span>
        </>
      )}
    </div>
  );
}

export function Outcome(props: {
  object: string;
  file: File;
  mapping: Mapping;
  outcome: ImportOutcome;
  onBack: () => void;
  onApply: () => void;
  onAgain: () => void;
}) {
  const say = useWords(transfer);
  const { outcome } = props;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const fits = outcome.created + outcome.updated;
  const download = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const name = `${props.file.name.replace(/\.\w+$/, "")}-errors.csv`;
      keep(name, await errorFile(props.object, props.file, props.mapping));
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  const tiles = [
    [say("created"), outcome.created],
    [say("updated"), outcome.updated],
    [say("unchanged"), outcome.unchanged],
    [say("failed"), outcome.failed],
  ] as const;
  return (
    <>
      <Alert
        showIcon
        type={outcome.dry_run ? "info" : "success"}
        title={say(outcome.dry_run ? "wouldBe" : "became")}
      />
      <div className="tiles">
        {tiles.map(([name, count]) => (
          <div key={name} className="sheet tile">
            <b className="number">{count.toLocaleString()}</b>
            {name}
          </div>
        ))}
      </div>
      {outcome.errors.length > 0 && (
        <Table
          rowKey="line"
          size="small"
          pagination={false}
          scroll={{ y: 280 }}
          dataSource={outcome.errors}
          columns={[
            {
              key: "line",
              title: say("line"),
              width: 90,
              align: "end",
              render: (_, row) => <span className="number">{row.line}</span>,
            },
            { key: "why", title: say("why"), render: (_, row) => row.why },
          ]}
          {...(outcome.failed > outcome.errors.length && {
            footer: () => say("firstErrors", { n: outcome.errors.length }),
          })}
        />
      )}
      <Refused error={error} />
      <Space wrap>
        {outcome.dry_run && <Button onClick={props.onBack}>{say("back")}</Button>}
        {outcome.dry_run && (
          <Button type="primary" disabled={fits === 0} onClick={props.onApply}>
            {say("apply", { n: fits })}
          </Button>
        )}
        {!outcome.dry_run && <Button onClick={props.onAgain}>{say("again")}</Button>}
        {!outcome.dry_run && (
          <Link to={`/records/${props.object}` as string}>
            <Button type="primary">{say("toList")}</Button>
          </Link>
        )}
        {outcome.failed > 0 && outcome.dry_run && (
          <Button loading={busy} onClick={() => void download()}>
            {say("errorFile")}
          </Button>
        )}
      </Space>
    </>
  );
}
