/** How things stand: for everybody whether permissions are enforced; for administrators what wants attention too. */
import { Link } from "@tanstack/react-router";
import { Alert } from "antd";
import dayjs from "dayjs";
import { overview, powers } from "../../i18n/overview";
import { offSwitch } from "../../i18n/switch";
import { useLanguage, useWords } from "../../i18n/words";
import { useMay, useSession } from "../../session";
import { useSwitch } from "../../switch";
import { Brief } from "../../ui/brief";
import { Countdown } from "../../ui/countdown";
import { PageHeader } from "../../ui/page";
import { Answered } from "../../ui/state";
import { Activity } from "./activity";
import { Attention } from "./attention";
import { Inbox } from "./inbox";
import { Installation } from "./installation";
import { Mine } from "./mine";
import { useOverview } from "./queries";

const SEES_SYSTEM = ["guan.manage_settings", "guan.manage_backups", "guan.read_ledger"];

export default function Overview() {
  const say = useWords(overview);
  const may = useMay();
  return (
    <>
      <PageHeader title={say("title")} about={say("about")} />
      <Inbox />
      <Enforcement />
      {!may(SEES_SYSTEM) && <Mine />}
      <Answered of={useOverview()}>
        {(counted) => (
          <>
            <Attention of={counted} />
            {counted.decisions && <Activity of={counted.decisions} />}
          </>
        )}
      </Answered>
      {may(SEES_SYSTEM) ? <Installation powers={<Powers />} /> : <Powers />}
    </>
  );
}

/** The way to turn permissions off for a while, for who may ask for it. */
function Ask() {
  const say = useWords(offSwitch);
  const may = useMay();
  return may(["guan.manage_overlays"]) && <Link to={"/switch/new" as string}>{say("ask")}</Link>;
}

function Enforcement() {
  const say = useWords(overview);
  const found = useSwitch();
  return (
    <Answered of={found}>
      {({ windows, duties, safe_mode, enforced }) => (
        <>
          {safe_mode && (
            <Alert
              type="error"
              showIcon
              className="gap"
              title={say("safeMode", { why: safe_mode })}
            />
          )}
          <Alert
            showIcon
            className="gap"
            type={windows.length === 0 ? "success" : duties.length > 0 ? "error" : "warning"}
            action={<Ask />}
            title={
              <>
                <strong>
                  {windows.length === 0 ? say("enforced") : say("relaxed", { n: windows.length })}
                </strong>
                {" · "}
                {windows.length === 0 && say(duties.length > 0 ? "enforcedAll" : "enforcedWhy")}
                {windows.length > 0 && say(enforced ? "relaxedOthers" : "relaxedWhy")}
              </>
            }
            description={
              windows.length > 0 &&
              windows.map((window) => (
                <div key={window.overlay}>
                  <Countdown left_s={window.left_s} asOf_ms={found.dataUpdatedAt} />{" "}
                  <span className="quiet">
                    {say("until", { at: dayjs(window.ends).format("HH:mm:ss") })}
                  </span>
                  <Brief>
                    {window.request && duties.length > 0 ? (
                      <Link to={`/switch/${window.request}` as string}>{window.reason}</Link>
                    ) : (
                      window.reason
                    )}
                  </Brief>
                </div>
              ))
            }
          />
        </>
      )}
    </Answered>
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
