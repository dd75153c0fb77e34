/** What wants attention: what waits for the person, the last backup, who holds nothing, wide sets, grants that end soon. */
import dayjs from "dayjs";
import type { Schemas } from "../../api/client";
import { overview } from "../../i18n/overview";
import { useWords } from "../../i18n/words";
import { useMay } from "../../session";
import { useSwitch } from "../../switch";
import { lastBackup } from "./counting";
import { Tile } from "./parts";
import { useBackups } from "./queries";

const BACKUP_OLD_DAYS = 1;

export function Attention(props: { of: Schemas["OverviewShown"] }) {
  const say = useWords(overview);
  const may = useMay();
  const waits = useSwitch().data;
  const backs = may(["guan.manage_backups"]);
  const { users_without_sets, sets_with_all_data, grants_ending } = props.of;
  const entitled = (waits?.duties.length ?? 0) > 0;
  if (!entitled && !backs && !users_without_sets && !sets_with_all_data && !grants_ending) {
    return null;
  }
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
      {users_without_sets && (
        <Tile
          name={say("withoutSets")}
          value={users_without_sets.count.toLocaleString()}
          alarm={users_without_sets.count > 0}
          about={say("of", { n: users_without_sets.of })}
          to="/users"
          search={{ sets: "none" }}
        />
      )}
      {backs && <Backup />}
      {sets_with_all_data && (
        <Tile
          name={say("allData")}
          value={sets_with_all_data.count.toLocaleString()}
          about={say("of", { n: sets_with_all_data.of })}
          to="/sets"
          search={{ risk: "reaches_all" }}
        />
      )}
      {grants_ending && <Ending of={grants_ending} />}
    </div>
  );
}

function Backup() {
  const say = useWords(overview);
  const found = useBackups(true).data;
  const last = lastBackup(found?.map(({ name }) => name) ?? []);
  const old = last !== undefined && dayjs().diff(last, "day") >= BACKUP_OLD_DAYS;
  return (
    <Tile
      name={say("backup")}
      value={last ? dayjs(last).format("MM-DD HH:mm") : found ? say("never") : "…"}
      alarm={found !== undefined && (last === undefined || old)}
      about={last && say("backups", { n: found?.length ?? 0 })}
      to="/backups"
    />
  );
}

function Ending({ of }: { of: NonNullable<Schemas["OverviewShown"]["grants_ending"]> }) {
  const say = useWords(overview);
  return (
    <Tile
      name={say("ending", { n: of.days })}
      value={of.count.toLocaleString()}
      alarm={of.count > 0}
      about={
        of.first
          ? say("firstEnds", { at: dayjs(of.first).format("MM-DD HH:mm") })
          : say("of", { n: of.of })
      }
      to="/grants"
    />
  );
}
