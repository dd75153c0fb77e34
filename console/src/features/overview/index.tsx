/** How things stand: for everybody whether permissions are enforced; for administrators the installation too. */
import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import { useMemo } from "react";
import { answer, api, type Schemas } from "../../api/client";
import { overview, powers } from "../../i18n/overview";
import { useLanguage, useWords } from "../../i18n/words";
import { useMay, useSession } from "../../session";
import { Chart } from "../../ui/chart";
import { PageHeader } from "../../ui/page";
import { Answered } from "../../ui/state";

const SEES_SYSTEM = ["guan.manage_settings", "guan.manage_backups", "guan.read_ledger"];

export default function Overview() {
  const say = useWords(overview);
  const may = useMay();
  return (
    <>
      <PageHeader title={say("title")} about={say("about")} />
      <Enforcement />
      {may(SEES_SYSTEM) ? <Installation /> : <Powers />}
    </>
  );
}

function Enforcement() {
  const say = useWords(overview);
  const active = useQuery({
    queryKey: ["windows", "mine"],
    queryFn: () => answer(api.GET("/api/v1/overlays/active")),
  });
  return (
    <Answered of={active}>
      {({ overlays }) => (
        <Alert
          showIcon
          style={{ marginBottom: 16 }}
          type={overlays.length === 0 ? "success" : "warning"}
          title={
            <>
              <strong>
                {overlays.length === 0 ? say("enforced") : say("relaxed", { n: overlays.length })}
              </strong>{" "}
              {say(overlays.length === 0 ? "enforcedWhy" : "relaxedWhy")}
            </>
          }
        />
      )}
    </Answered>
  );
}

function Installation() {
  const say = useWords(overview);
  const system = useQuery({
    queryKey: ["system"],
    queryFn: () => answer(api.GET("/api/v1/system")),
  });
  return (
    <Answered of={system}>
      {(shown) => (
        <>
          {shown.safe_mode && (
            <Alert type="error" showIcon title={say("safeMode", { why: shown.safe_mode })} />
          )}
          <div className="tiles">
            <Tile name={say("users")} value={shown.users} />
            <Tile
              name={say("records")}
              value={shown.records.reduce((sum, { count }) => sum + count, 0)}
            />
            <Tile name={say("revision")} value={shown.revision} />
            <Tile name={say("ledger")} value={shown.ledger_rows} />
          </div>
          <div className="columns">
            <Records rows={shown.records} />
            <Powers />
          </div>
        </>
      )}
    </Answered>
  );
}

function Tile(props: { name: string; value: number }) {
  return (
    <div className="sheet tile">
      <span className="quiet">{props.name}</span>
      <b className="number">{props.value.toLocaleString()}</b>
    </div>
  );
}

function Records(props: { rows: readonly Schemas["StoredRecords"][] }) {
  const say = useWords(overview);
  const { rows } = props;
  const option = useMemo(
    () => ({
      xAxis: { type: "value" },
      yAxis: { type: "category", inverse: true, data: rows.map(({ object }) => object) },
      series: [
        {
          type: "bar",
          barMaxWidth: 16,
          data: rows.map(({ count }) => count),
          label: { show: true, position: "right" },
        },
      ],
    }),
    [rows],
  );
  return (
    <section className="sheet">
      <h2>{say("byObject")}</h2>
      <Chart title={say("byObject")} option={option} />
    </section>
  );
}

function Powers() {
  const say = useWords(overview);
  const at = useLanguage() === "en" ? 0 : 1;
  const held = useSession().data?.powers ?? [];
  const names: Readonly<Record<string, readonly [string, string]>> = powers;
  return (
    <section className="sheet" style={{ padding: 16 }}>
      <h2 style={{ margin: "0 0 10px", fontSize: 15 }}>{say("powers")}</h2>
      {held.length === 0 && <p className="quiet">{say("noPowers")}</p>}
      <ul style={{ margin: 0, paddingLeft: 18 }}>
        {held.map((power) => (
          <li key={power}>{names[power]?.[at] ?? power}</li>
        ))}
      </ul>
    </section>
  );
}
