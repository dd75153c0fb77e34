/** Edits of the policy that wait for the end of a window: what, who, when they count, and what is to be decided. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Segmented, Table } from "antd";
import { answer, api } from "../../api/client";
import { reasonWord } from "../../i18n/operations";
import { waiting } from "../../i18n/waiting";
import { useLanguage, useWords } from "../../i18n/words";
import { useSwitch } from "../../switch";
import { useAddress } from "../../ui/address";
import { everyRow, useNames } from "../../ui/directory";
import { showColumn, underTop, WholeFoot } from "../../ui/list";
import { Moment, moment, SECONDS } from "../../ui/moment";
import { PageHeader } from "../../ui/page";
import { PersonTag } from "../../ui/person";
import { Answered, Empty } from "../../ui/state";
import type { Edit } from "./changes";
import { useEntity } from "./named";
import { One } from "./one";

const SHOWN = ["open", "decide", "all"] as const;
type Which = (typeof SHOWN)[number];
const STATES: Readonly<Record<Which, readonly string[] | null>> = {
  open: ["waiting", "conflicted"],
  decide: ["conflicted"],
  all: null,
};

export default function WaitingEdits() {
  const say = useWords(waiting);
  const [search, go] = useAddress();
  const which = SHOWN.find((one) => one === search.show) ?? "open";
  const found = useQuery({
    queryKey: ["waiting-edits", "every"],
    queryFn: () =>
      everyRow((query) => answer(api.GET("/api/v1/waiting-edits", { params: { query } }))),
    refetchInterval: 15_000,
  });
  const chosen = found.data?.find(({ id }) => id === search.edit);
  const states = STATES[which];
  return (
    <>
      <PageHeader title={say("title")} about={say("about")} />
      <div className="sheet">
        <div className="tools">
          <Segmented
            aria-label={say("title")}
            value={which}
            options={SHOWN.map((value) => ({ value, label: say(value) }))}
            onChange={(show) => go({ show: show === "open" ? undefined : show }, "replace")}
          />
        </div>
        <Answered of={found}>
          {(all) => (
            <Rows
              all={all.length}
              rows={all
                .filter(({ state }) => states === null || states.includes(state))
                .sort((a, b) => b.at.localeCompare(a.at))}
            />
          )}
        </Answered>
      </div>
      {chosen && <One key={chosen.id} edit={chosen} onClose={() => go({ edit: undefined })} />}
    </>
  );
}

/** When an edit counts: at the end of the windows that hold it, or since which revision. */
function useApplies(): (edit: Edit) => string {
  const say = useWords(waiting);
  const windows = useSwitch().data?.windows ?? [];
  return (edit) => {
    if (edit.made != null) return say("revision", { n: edit.made });
    if (edit.state !== "waiting") return "–";
    const ends = windows
      .filter(({ overlay }) => edit.held_by.includes(overlay))
      .map((window) => String(window.ends))
      .sort();
    const last = ends.at(-1);
    return last ? say("atEnd", { at: moment(last, SECONDS) }) : say("soon");
  };
}

function Rows(props: { rows: readonly Edit[]; all: number }) {
  const say = useWords(waiting);
  const at = useLanguage() === "en" ? 0 : 1;
  const entity = useEntity();
  const names = useNames();
  const applies = useApplies();
  const [, go] = useAddress();
  const what = ({ put, remove }: Edit) => [...put, ...remove].map(entity);
  return (
    <>
      <Table<Edit>
        rowKey="id"
        size="small"
        pagination={false}
        dataSource={[...props.rows]}
        sticky={underTop}
        scroll={{ x: 1050 }}
        locale={{ emptyText: <Empty title={say("nothing")}>{say("nothingWhy")}</Empty> }}
        columns={[
          {
            key: "what",
            title: say("what"),
            width: 180,
            fixed: "start",
            render: (_, row) =>
              what(row)
                .slice(0, 3)
                .map((one) => <div key={one}>{one}</div>),
          },
          {
            key: "by",
            title: say("by"),
            width: 140,
            render: (_, row) => <PersonTag id={row.author} name={names.user(row.author)} />,
          },
          {
            key: "reason",
            title: say("reason"),
            render: (_, row) => reasonWord(row.reason, at),
          },
          {
            key: "at",
            title: say("at"),
            width: 140,
            render: (_, row) => <Moment at={row.at} />,
          },
          {
            key: "held",
            title: say("heldBy"),
            width: 130,
            render: (_, row) =>
              row.held_by.map((id) => (
                <Link key={id} to={`/switch/${id}` as string} className="code">
                  {id}
                </Link>
              )),
          },
          { key: "applies", title: say("applies"), width: 160, render: (_, row) => applies(row) },
          {
            key: "state",
            title: say("state"),
            width: 90,
            render: (_, row) => (
              <span className={row.state === "conflicted" ? "pill caution" : "pill"}>
                {say(row.state as "waiting")}
              </span>
            ),
          },
          showColumn(say("show"), (edit) => go({ edit })),
        ]}
      />
      <WholeFoot shown={props.rows.length} all={props.all} why={say("few")} />
    </>
  );
}
