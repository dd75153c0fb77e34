/** The recycle bin of one kind of record: what was deleted, back into place, or out for good. */

import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { App, Button, Input, Select, Space, Table } from "antd";
import { useId, useState } from "react";
import { type Found, isUnknown, useAct } from "../../../api/act";
import { answer, api, newKey, type Schemas } from "../../../api/client";
import { useChange } from "../../../api/query";
import { bin } from "../../../i18n/bin";
import { objectName } from "../../../i18n/objects";
import { useLanguage, useWords } from "../../../i18n/words";
import { useMay, useMyObjects } from "../../../session";
import { usePart } from "../../../ui/address";
import { ConfirmByTyping } from "../../../ui/confirm";
import { DoubtNote } from "../../../ui/doubt";
import { ListFoot, underTop, usePaging } from "../../../ui/list";
import { Moment } from "../../../ui/moment";
import { PageHeader } from "../../../ui/page";
import { Answered, Empty, Failed, Loading } from "../../../ui/state";
import type { ObjectInfo } from "../model";
import { said, useColleagueNames } from "../queries";
import { Refused } from "../refused";
import { NamesKnown, Person } from "../values";

type Row = Schemas["BinShown"];

const MANAGES_BIN = ["guan.manage_recycle_bin"];

export default function Bin() {
  const wanted = usePart("object");
  return (
    <Answered of={useMyObjects()}>
      {(objects) => {
        const object = objects.find(({ id }) => id === wanted) ?? objects[0];
        return object ? <Of key={object.id} object={object} all={objects} /> : <Empty />;
      }}
    </Answered>
  );
}

type Page = { limit: number; cursor: string | undefined };

const ask = (object: string, page: Page) =>
  answer(api.GET("/api/v1/bin/{object}", { params: { path: { object }, query: said(page) } }));

function useBin(object: string, page: Page) {
  return useQuery({
    queryKey: ["records", object, "bin", page.limit, page.cursor],
    queryFn: () => ask(object, page),
  });
}

/** What became of a restoring whose answer was lost: the record is in the bin, or back, or gone for good. */
async function lookForRestored(object: string, id: string, page: Page): Promise<Found<unknown>> {
  const { items } = await ask(object, page);
  if (items.some((row) => row.id === id)) return { is: "not_taken" };
  const path = { object, id };
  try {
    return {
      is: "taken",
      made: await answer(api.GET("/api/v1/records/{object}/{id}", { params: { path } })),
    };
  } catch (error) {
    if (isUnknown(error)) throw error;
    return { is: "not_taken" };
  }
}

function Of(props: { object: ObjectInfo; all: readonly ObjectInfo[] }) {
  const say = useWords(bin);
  const at = useLanguage() === "en" ? 0 : 1;
  const may = useMay();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const people = useColleagueNames();
  const paging = usePaging();
  const [purging, setPurging] = useState<Row>();
  const object = props.object.id;
  const found = useBin(object, { limit: paging.limit, cursor: paging.cursor });
  const restore = useAct<Row, unknown>({
    send: ({ id }) =>
      answer(
        api.POST("/api/v1/bin/{object}/{id}/restore", {
          params: { path: { object, id }, header: { "idempotency-key": newKey() } },
        }),
      ),
    look: ({ id }) => lookForRestored(object, id, { limit: paging.limit, cursor: paging.cursor }),
    stale: [["records", object]],
    onDone: (_, { id }) => void message.success(say("restored", { id })),
  });
  const rows = found.data?.items ?? [];
  return (
    <NamesKnown value={{ people, parents: new Map() }}>
      <PageHeader title={say("title")} about={say("about")} />
      <div className="sheet">
        <div className="tools">
          <Select
            aria-label={say("object")}
            style={{ minWidth: 200 }}
            value={object}
            options={props.all.map((one) => ({ value: one.id, label: objectName(one, at) }))}
            onChange={(next: string) => void navigate({ to: `/bin/${next}` as string })}
          />
        </div>
        <DoubtNote name={say("restore")} of={restore} />
        <Refused error={restore.error} tried={{ action: "delete", object }} />
        {found.error && !found.data ? (
          <Failed error={found.error} retry={() => void found.refetch()} />
        ) : (
          <Table<Row>
            rowKey="id"
            size="small"
            pagination={false}
            dataSource={rows}
            sticky={underTop}
            scroll={{ x: 900 }}
            locale={{
              emptyText: found.isPending ? (
                <Loading />
              ) : (
                <Empty title={say("empty")}>{say("emptyWhy")}</Empty>
              ),
            }}
            columns={[
              {
                key: "id",
                title: say("id"),
                width: 220,
                fixed: "start",
                render: (_, row) => <span className="code">{row.id}</span>,
              },
              {
                key: "deleted",
                title: say("deleted"),
                width: 150,
                render: (_, row) => <Moment at={row.deleted} />,
              },
              {
                key: "by",
                title: say("by"),
                width: 180,
                render: (_, row) => <Person id={row.deleted_by} />,
              },
              {
                key: "purge",
                title: say("purge"),
                width: 150,
                render: (_, row) => <Moment at={row.purge} />,
              },
              {
                key: "acts",
                width: 230,
                render: (_, row) => (
                  <Space>
                    <Button
                      size="small"
                      disabled={restore.unsettled}
                      loading={restore.busy && restore.input?.id === row.id}
                      onClick={() => restore.take(row)}
                    >
                      {say("restore")}
                    </Button>
                    {(may(MANAGES_BIN) || props.object.actions.includes("delete")) && (
                      <Button size="small" danger type="text" onClick={() => setPurging(row)}>
                        {say("purgeAct")}
                      </Button>
                    )}
                  </Space>
                ),
              },
            ]}
          />
        )}
        <ListFoot
          shown={found.data && rows.length}
          next={found.data?.next ?? undefined}
          paging={paging}
          why={!may(MANAGES_BIN) && rows.length > 0 && say("why")}
        />
      </div>
      {purging && <Purge object={object} row={purging} onClose={() => setPurging(undefined)} />}
    </NamesKnown>
  );
}

function Purge(props: { object: string; row: Row; onClose: () => void }) {
  const say = useWords(bin);
  const { message } = App.useApp();
  const field = useId();
  const [reason, setReason] = useState("");
  const { object, row } = props;
  const purge = useChange(
    () =>
      answer(
        api.DELETE("/api/v1/bin/{object}/{id}", {
          params: { path: { object, id: row.id }, query: { reason: reason.trim() } },
        }),
      ),
    [["records", object]],
  );
  return (
    <ConfirmByTyping
      open
      title={say("purgeTitle", { id: row.id })}
      name={row.id}
      act={say("purgeAct")}
      busy={purge.isPending}
      error={purge.error}
      onCancel={props.onClose}
      onConfirm={() =>
        reason.trim() &&
        purge.mutate(undefined, {
          onSuccess: () => {
            void message.success(say("purged", { id: row.id }));
            props.onClose();
          },
        })
      }
    >
      <p>{say("purgeWhy")}</p>
      <label htmlFor={field}>{say("reason")}</label>
      <Input
        id={field}
        value={reason}
        status={reason.trim() ? "" : "warning"}
        onChange={(at) => setReason(at.target.value)}
      />
    </ConfirmByTyping>
  );
}
