/** The columns of the list of users beside the name. */

import { users } from "../../i18n/users";
import { useLanguage, useWords } from "../../i18n/words";
import { useMay } from "../../session";
import { useNames } from "../../ui/directory";
import { Moment, moment } from "../../ui/moment";
import { KindName, positionOf, Status, text, useKindName } from "./parts";
import type { UserRow } from "./queries";

export type Column = {
  key: string;
  title: string;
  width: number;
  render: (row: UserRow) => React.ReactNode;
  plain: (row: UserRow) => string;
};

export function useColumns(): readonly Column[] {
  const say = useWords(users);
  const kindName = useKindName();
  const may = useMay();
  const names = useNames();
  const comma = useLanguage() === "en" ? ", " : "、";
  const setsOf = ({ standing }: UserRow) => standing?.sets?.map(names.set);
  const givesSets: readonly Column[] = [
    {
      key: "sets",
      title: say("sets"),
      width: 260,
      render: (row) => <Sets all={setsOf(row)} comma={comma} />,
      plain: (row) => setsOf(row)?.join(comma) ?? "",
    },
  ];
  const seesSignIns: readonly Column[] = [
    {
      key: "signedIn",
      title: say("signedIn"),
      width: 150,
      render: (row) => <Moment at={row.standing?.signed_in} />,
      plain: signedIn,
    },
  ];
  return [
    {
      key: "id",
      title: say("id"),
      width: 230,
      render: ({ id }) => <span className="quiet">{id}</span>,
      plain: ({ id }) => id,
    },
    {
      key: "department",
      title: say("department"),
      width: 150,
      render: ({ content }) => text(content.attributes, "Department") || "–",
      plain: ({ content }) => text(content.attributes, "Department"),
    },
    {
      key: "position",
      title: say("position"),
      width: 250,
      render: ({ content }) => positionOf(content) || "–",
      plain: ({ content }) => positionOf(content),
    },
    {
      key: "kind",
      title: say("kind"),
      width: 100,
      render: ({ content }) => <KindName kind={content.kind} />,
      plain: ({ content }) => kindName(content.kind),
    },
    {
      key: "status",
      title: say("status"),
      width: 130,
      render: ({ content }) => <Status active={content.active ?? true} />,
      plain: ({ content }) => say((content.active ?? true) ? "active" : "inactive"),
    },
    ...(may(["guan.manage_assignments"]) ? givesSets : []),
    ...(may(["guan.manage_credentials"]) ? seesSignIns : []),
  ];
}

const signedIn = ({ standing }: UserRow) => (standing?.signed_in ? moment(standing.signed_in) : "");

/** How many, and which; all of them where it is pointed at. */
function Sets({ all, comma }: { all: string[] | undefined; comma: string }) {
  if (!all || all.length === 0) return "–";
  return (
    <span title={all.join("\n")}>
      {all.length > 1 && <span className="quiet number">{all.length} · </span>}
      {all.join(comma)}
    </span>
  );
}
