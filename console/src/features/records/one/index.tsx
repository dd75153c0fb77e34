/** One record: its fields, the people around it, what points to it, and what became of it. */
import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Tabs } from "antd";
import { lazy, Suspense, useMemo } from "react";
import type { Tagged } from "../../../api/client";
import { objectName, recordTitle } from "../../../i18n/objects";
import { record as words } from "../../../i18n/record";
import { records } from "../../../i18n/records";
import { useLanguage, useWords } from "../../../i18n/words";
import { useMyObjects } from "../../../session";
import { useAddress, usePart } from "../../../ui/address";
import { titleOf, useRecordTitle } from "../../../ui/called";
import { PageHeader } from "../../../ui/page";
import { Answered, Failed, Loading } from "../../../ui/state";
import { fieldsOf, type ObjectInfo, type RecordRow } from "../model";
import { readRecord, useActions, useColleagueNames, useRecord } from "../queries";
import { LockMark, NamesKnown, Owners, parentKey } from "../values";
import { Acts } from "./acts";
import { History } from "./history";
import { NotOpen } from "./not-open";
import type { Opened } from "./opened";
import { isActivity, kinOf, Related } from "./related";
import { Sections } from "./sections";
import { Side } from "./side";

const EditDrawer = lazy(() => import("../edit/drawer"));
const ShareDialog = lazy(() =>
  import("../share/dialog").then((found) => ({ default: found.ShareDialog })),
);

export default function One() {
  const object = usePart("object");
  const id = usePart("id");
  const found = useRecord(object, id);
  return (
    <Answered of={useMyObjects()}>
      {(objects) => {
        const known = objects.find((one) => one.id === object);
        if (found.error && !found.data) {
          return <NotOpen error={found.error} object={object} read_ms={found.dataUpdatedAt} />;
        }
        if (!known) return <Failed error={found.error} />;
        if (!found.data) return <Loading />;
        return <Page key={id} object={known} all={objects} record={found.data} />;
      }}
    </Answered>
  );
}

/** The names of the parents of one record: one question for each of its few relations. */
function useParentNames(object: ObjectInfo, record: RecordRow) {
  const people = useColleagueNames();
  const parents = Object.entries(record.parents ?? {}).flatMap(([relation, id]) => {
    const target = object.relations[relation];
    return target ? [{ target, id }] : [];
  });
  const title = useRecordTitle();
  const found = useQueries({
    queries: parents.map(({ target, id }) => ({
      queryKey: ["records", target, "one", id],
      queryFn: () => readRecord(target, id),
      retry: false,
    })),
  });
  const named = parents.flatMap(({ target, id }, index) => {
    const parent = found[index]?.data?.value;
    return parent ? [[parentKey(target, id), title(parent)] as const] : [];
  });
  return { people, parents: new Map(named) };
}

function Page(props: {
  object: ObjectInfo;
  all: readonly ObjectInfo[];
  record: Tagged<RecordRow>;
}) {
  const say = useWords(words);
  const sayRecords = useWords(records);
  const at = useLanguage() === "en" ? 0 : 1;
  const { object, record } = props;
  const [search, go] = useAddress();
  const { id, locked, owners, pool } = record.value;
  const actions = useActions(object.id, id);
  const fields = useMemo(() => fieldsOf(object, at), [object, at]);
  const of: Opened = { object, fields, record, actions: actions.data ?? [] };
  const kin = kinOf(object.id, props.all);
  const activities = kin.filter(isActivity);
  const others = kin.filter((one) => !isActivity(one));
  const tabs = [
    { key: "details", label: say("details"), children: <Sections of={of} /> },
    { key: "related", label: say("related"), children: <Related id={id} kin={others} /> },
    ...(activities.length > 0
      ? [
          {
            key: "activities",
            label: say("activities"),
            children: <Related id={id} kin={activities} />,
          },
        ]
      : []),
    { key: "history", label: say("history"), children: <History of={of} /> },
  ];
  return (
    <NamesKnown value={useParentNames(object, record.value)}>
      <nav className="crumbs" aria-label={say("back")}>
        <Link to={`/records/${object.id}` as string}>{objectName(object, at)}</Link>
      </nav>
      <PageHeader
        title={titleOf(record.value, object)}
        about={
          <>
            {recordTitle(object, at)}
            {" · "}
            {sayRecords("owner")} <Owners of={owners} pool={pool} />
            {locked && <LockMark />}
          </>
        }
        acts={<Acts of={of} />}
      />
      <div className="one">
        <div className="sheet">
          <Tabs
            items={tabs}
            activeKey={search.tab ?? "details"}
            destroyOnHidden
            onChange={(tab) => go({ tab, field: undefined }, "replace")}
          />
        </div>
        <div className="sheet">
          <Side of={of} />
        </div>
      </div>
      <Suspense>
        {search.edit && of.actions.includes("edit") && (
          <EditDrawer object={object} record={record} onClose={() => go({ edit: undefined })} />
        )}
        {search.share && <ShareDialog of={of} onClose={() => go({ share: undefined })} />}
      </Suspense>
    </NamesKnown>
  );
}
