/** What stands above a matrix: search, filter, folding, bulk fill, the file, and the keys. */
import { DownloadOutlined } from "@ant-design/icons";
import { Button, Segmented } from "antd";
import { access } from "../../../i18n/access";
import { list } from "../../../i18n/list";
import { matrix as words } from "../../../i18n/matrix";
import { useWords } from "../../../i18n/words";
import { useAddress } from "../../../ui/address";
import { csv, save } from "../../../ui/csv";
import { TermHelp } from "../../../ui/help";
import { SearchBox } from "../../../ui/list";
import { Fill } from "../grid/fill";
import { useLevels } from "../words";
import type { Grid } from "./cells";
import { kindOf, type Only } from "./rows";

export function Tools(props: {
  name: string;
  only: Only;
  grid: Grid;
  objectName: (id: string) => string;
  allOpened: boolean;
  onFold: (open: boolean) => void;
  fill: Parameters<typeof Fill>[0] | undefined;
}) {
  const { grid, only } = props;
  const say = useWords(words);
  const sayAccess = useWords(access);
  const sayList = useWords(list);
  const levels = useLevels();
  const [, go] = useAddress();
  const file = () => {
    const head = [say("object"), "", ...grid.columns.map(levels.action)];
    const body = grid.rows.map((row) => [
      props.objectName(row.object),
      row.field ?? "",
      ...grid.columns.map((column) => {
        const kind = kindOf(row, column);
        return kind === "off" ? "" : levels.value(kind, grid.matrix.value(row, column));
      }),
    ]);
    save(`${props.name}.csv`, csv([head, ...body]));
  };
  return (
    <div className="tools">
      <SearchBox placeholder={sayAccess("searchCell")} width={200} />
      <Segmented<Only>
        aria-label={say("show")}
        value={only}
        options={[
          { value: "all", label: say("showAll") },
          { value: "granted", label: say("granted") },
          { value: "changed", label: say("changedOnly") },
          { value: "risky", label: say("riskyOnly") },
        ]}
        onChange={(show) => go({ show: show === "all" ? undefined : show }, "replace")}
      />
      <Button onClick={() => props.onFold(!props.allOpened)}>
        {say(props.allOpened ? "closeAll" : "openAll")}
      </Button>
      {props.fill && <Fill {...props.fill} />}
      <span className="rest">
        <TermHelp term={sayAccess("keysTitle")}>
          {sayAccess("keys")} {say("asSaved")}
        </TermHelp>
        <Button icon={<DownloadOutlined />} onClick={file}>
          {sayList("export")}
        </Button>
      </span>
    </div>
  );
}
