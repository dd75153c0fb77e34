/** What wants attention: what waits for the person, the last backup, wide sets, grants that end soon. */
import dayjs from "dayjs";
import { overview } from "../../i18n/overview";
import { useWords } from "../../i18n/words";
import { useMay } from "../../session";
import { useSwitch } from "../../switch";
import { ending, hasAllData, lastBackup } from "./counting";
import { Tile } from "./parts";
import { useAssignments, useBackups, useSets } from "./queries";

const DAYS = 7;
const BACKUP_OLD_DAYS = 1;

export function Attention() {
  const say = useWords(overview);
  const may = useMay();
  const waits = useSwitch().data;
  const [backs, assigns, sets] = [
    may(["guan.manage_backups"]),
    may(["guan.manage_assignments"]),
    may(["guan.manage_sets"]),
  ];
  const entitled = (waits?.duties.length ?? 0) > 0;
  if (!entitled && !backs && !assigns && !sets) return null;
  return (
    <div className="tiles">
      {entitled && (
        <Tile
          name={say("waiting")}
          value={waits?.waiting ?? 0}
          alarm={(waits?.waiting ?? 0) > 0}
          to="/switch"
          search={{ show: "mine" }}
        />
      )}
      {backs && <Backup />}
      {sets && <Sets />}
      {assigns && <Ending />}
    </div>
  );
}

function Backup() {
  const say = useWords(overview);
  const found = useBackups(true).data;
  const last = lastBackup(found?.items.map(({ name }) => name) ?? []);
  const old = last !== undefined && dayjs().diff(last, "day") >= BACKUP_OLD_DAYS;
  return (
    <Tile
      name={say("backup")}
      value={last ? dayjs(last).format("MM-DD HH:mm") : found ? say("never") : "…"}
      alarm={found !== undefined && (last === undefined || old)}
      about={last && say("backups", { n: found?.items.length ?? 0 })}
      to="/backups"
    />
  );
}

function Sets() {
  const say = useWords(overview);
  const found = useSets(true).data;
  const wide = found?.items.filter(hasAllData) ?? [];
  return (
    <Tile
      name={say("allData")}
      value={found ? wide.length : "…"}
      about={found && say(found.cut ? "ofFirst" : "of", { n: found.items.length })}
      to="/sets"
    />
  );
}

function Ending() {
  const say = useWords(overview);
  const found = useAssignments(true).data;
  const soon = ending(found?.items ?? [], Date.now(), DAYS);
  const first = soon[0]?.content.ends;
  return (
    <Tile
      name={say("ending", { n: DAYS })}
      value={found ? soon.length : "…"}
      alarm={soon.length > 0}
      about={
        first
          ? say("firstEnds", { at: dayjs(first).format("MM-DD HH:mm") })
          : found && say(found.cut ? "ofFirst" : "of", { n: found.items.length })
      }
      to="/grants"
    />
  );
}
