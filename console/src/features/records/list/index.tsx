/** The list of records of one object. Everything that it shows is in the address, so a view can be sent. */
import { FilterOutlined, PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { lazy, Suspense, useMemo, useState } from "react";
import { objectName, recordNoun, recordTitle } from "../../../i18n/objects";
import { records } from "../../../i18n/records";
import { useLanguage, useWords } from "../../../i18n/words";
import { useMyObjects, useSession } from "../../../session";
import { useAddress, usePart } from "../../../ui/address";
import { ColumnChoice, ListFoot, SearchBox, useHidden, usePaging } from "../../../ui/list";
import { PageHeader } from "../../../ui/page";
import { Answered, Empty } from "../../../ui/state";
import { asked, condition } from "../filter";
import { fieldsOf, type ObjectInfo } from "../model";
import { usePageNames } from "../names";
import { useReach, useRecords } from "../queries";
import { NamesKnown } from "../values";
import { Bulk } from "./bulk";
import { sortOf, useColumns } from "./columns";
import { FilterForm } from "./filters";
import { Found, Why } from "./found";
import { Groups } from "./groups";
import { Rows } from "./rows";
import { Elsewhere, Export, Order, Whose } from "./tools";
import { Views } from "./views";

const EditDrawer = lazy(() => import("../edit/drawer"));

export default function Records() {
  const object = usePart("object");
  const say = useWords(records);
  return (
    <Answered of={useMyObjects()}>
      {(objects) => {
        const found = objects.find(({ id }) => id === object);
        return found ? (
          <List key={object} object={found} />
        ) : (
          <Empty title={say("missing")}>{say("whyAsk")}</Empty>
        );
      }}
    </Answered>
  );
}

function List(props: { object: ObjectInfo }) {
  const { object } = props;
  const say = useWords(records);
  const at = useLanguage() === "en" ? 0 : 1;
  const me = useSession().data?.user ?? "";
  const [search, go] = useAddress();
  const paging = usePaging();
  const [filtering, setFiltering] = useState(() => Object.keys(asked(search)).length > 0);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const fields = useMemo(() => fieldsOf(object, at), [object, at]);
  const wanted = {
    filter: condition(search, fields, me),
    search: search.q,
    sort: search.sort,
  };
  const found = useRecords(object.id, {
    ...wanted,
    limit: paging.limit,
    cursor: paging.cursor,
  });
  const rows = found.data?.items ?? [];
  const narrowed = Boolean(wanted.filter ?? wanted.search);
  const reach = useReach(object.id);
  const { all, first } = useColumns(fields);
  const [hidden, setHidden] = useHidden(`records.${object.id}`, first);
  const title = objectName(object, at);
  const noun = recordNoun(object, at);
  const shown = useMemo(() => all.filter(({ key }) => !hidden.includes(key)), [all, hidden]);
  const filters = Object.keys(asked(search)).length;
  const nameBy = sortOf(fields, "Name", "LastName", "Subject");
  // Heads sort; an order whose head is not there, as of a kept view, is told beside the filters.
  const isShown = (sort: string) =>
    [nameBy, ...shown.map((column) => column.sort)].includes(sort.replace(/^-/, ""));
  return (
    <NamesKnown value={usePageNames(object, rows)}>
      <PageHeader
        title={title}
        about={<Found object={object.id} asked={wanted} relaxed={found.data?.relaxed_by} />}
        acts={
          object.actions.includes("create") && (
            <Button
              type="primary"
              icon={<PlusOutlined aria-hidden />}
              onClick={() => go({ new: "1" })}
            >
              {say("create", { what: noun })}
            </Button>
          )
        }
      />
      <div className="sheet">
        <div className="tools">
          <SearchBox placeholder={say("search", { what: title.toLowerCase() })} width={220} />
          <Whose claims={object.actions.includes("claim")} />
          <Button
            icon={<FilterOutlined aria-hidden />}
            aria-expanded={filtering}
            onClick={() => setFiltering(!filtering)}
          >
            {filters > 0 ? say("filtersOn", { n: filters }) : say("filters")}
          </Button>
          {search.sort && !isShown(search.sort) && <Order fields={fields} />}
          <span className="rest">
            <Views object={object.id} hidden={hidden} onHidden={setHidden} />
            <Export object={object} title={title} asked={wanted} />
            <ColumnChoice all={all} hidden={hidden} onChange={setHidden} />
            <Elsewhere object={object.id} grouped={search.group !== undefined} />
          </span>
        </div>
        {filtering && (
          <FilterForm key={JSON.stringify(asked(search))} object={object.id} fields={fields} />
        )}
        {search.group !== undefined && <Groups object={object.id} fields={fields} asked={wanted} />}
        {chosen.length > 0 && (
          <Bulk
            object={object}
            fields={fields}
            rows={rows.filter(({ id }) => chosen.includes(id))}
            onDone={() => setChosen([])}
          />
        )}
        <Rows
          object={object}
          title={fields.find(({ id }) => id === "Name")?.label ?? recordTitle(object, at)}
          columns={shown}
          nameBy={nameBy}
          rows={found.data?.items}
          error={found.error}
          onRetry={found.refetch}
          chosen={chosen}
          onChosen={setChosen}
          narrowed={narrowed}
        />
        <ListFoot
          shown={found.data?.items.length}
          next={found.data?.next ?? undefined}
          paging={paging}
          why={
            (narrowed || reach !== "all") && (
              <Why object={object.id} relaxed={found.data?.relaxed_by} />
            )
          }
        />
      </div>
      {search.new && (
        <Suspense>
          <EditDrawer object={object} onClose={() => go({ new: undefined })} />
        </Suspense>
      )}
    </NamesKnown>
  );
}
