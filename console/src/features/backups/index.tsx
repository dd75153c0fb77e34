/** Backups: listed, taken, verified. What a file holds is read only when somebody asks. */
import { CheckCircleFilled } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Alert, App, Button, Input, Modal, Table } from "antd";
import { useState } from "react";
import { answer, api, type Schemas } from "../../api/client";
import { useChange, useIntention } from "../../api/query";
import { backups } from "../../i18n/backups";
import { useWords } from "../../i18n/words";
import { ListFoot, usePaging } from "../../ui/list";
import { PageHeader } from "../../ui/page";
import { ProblemNote } from "../../ui/problem";
import { Answered, Empty } from "../../ui/state";
import { momentOfName, sizeOf } from "./names";

type Shown = Schemas["BackupShown"];

export default function Backups() {
  const say = useWords(backups);
  const [taking, setTaking] = useState(false);
  return (
    <>
      <PageHeader
        title={say("title")}
        about={say("about")}
        acts={
          <Button type="primary" onClick={() => setTaking(true)}>
            {say("take")}
          </Button>
        }
      />
      <Alert type="info" showIcon title={say("restore")} style={{ marginBottom: 16 }} />
      <Rows />
      {taking && <Taking onClose={() => setTaking(false)} />}
    </>
  );
}

function Rows() {
  const say = useWords(backups);
  const paging = usePaging();
  const { limit, cursor } = paging;
  const [verified, setVerified] = useState<ReadonlyMap<string, Shown>>(new Map());
  const found = useQuery({
    queryKey: ["backups", limit, cursor],
    queryFn: () =>
      answer(
        api.GET("/api/v1/backups", { params: { query: cursor ? { limit, cursor } : { limit } } }),
      ),
  });
  const verify = useChange(
    (backup: string) =>
      answer(api.GET("/api/v1/backups/{backup}", { params: { path: { backup } } })),
    [],
  );
  return (
    <div className="sheet">
      <Answered of={found}>
        {({ items, next }) => (
          <>
            <Table
              rowKey="name"
              size="small"
              pagination={false}
              dataSource={[...items].sort((a, b) => b.name.localeCompare(a.name))}
              locale={{ emptyText: <Empty title={say("nothing")}>{say("nothingWhy")}</Empty> }}
              columns={[
                {
                  key: "at",
                  title: say("at"),
                  width: 170,
                  render: (_, row) => momentOfName(row.name),
                },
                {
                  key: "name",
                  title: say("name"),
                  render: (_, row) => <span className="code">{row.name}</span>,
                },
                {
                  key: "content",
                  title: say("content"),
                  render: (_, row) => <Content of={verified.get(row.name)} />,
                },
                {
                  key: "verify",
                  title: say("verify"),
                  width: 110,
                  render: (_, row) => (
                    <Button
                      size="small"
                      loading={verify.isPending && verify.variables === row.name}
                      onClick={() =>
                        verify.mutate(row.name, {
                          onSuccess: (shown) =>
                            setVerified(new Map([...verified, [row.name, shown]])),
                        })
                      }
                    >
                      {say("verify")}
                    </Button>
                  ),
                },
              ]}
            />
            <ProblemNote error={verify.error} />
            <ListFoot shown={items.length} next={next ?? undefined} paging={paging} />
          </>
        )}
      </Answered>
    </div>
  );
}

function Content(props: { of: Shown | undefined }) {
  const say = useWords(backups);
  if (!props.of) return <span className="quiet">–</span>;
  const { bytes, content, reason } = props.of;
  return (
    <>
      <span className="verdict allow">
        <CheckCircleFilled aria-hidden /> {say("sound")}
      </span>{" "}
      <span className="number quiet">
        {bytes == null ? "" : sizeOf(bytes)}
        {content &&
          ` · ${say("contentOf", {
            revision: content.revision,
            records: content.records,
            overlays: content.overlays,
          })}`}
        {reason && ` · ${reason}`}
      </span>
    </>
  );
}

function Taking(props: { onClose: () => void }) {
  const say = useWords(backups);
  const { message } = App.useApp();
  const [reason, setReason] = useState("");
  const intention = useIntention();
  const take = useChange(
    () =>
      answer(
        api.POST("/api/v1/backups", {
          params: { header: { "idempotency-key": intention.key() } },
          body: { reason },
        }),
      ),
    [["backups"], ["ledger"]],
  );
  return (
    <Modal
      open
      title={say("take")}
      okText={say("take")}
      cancelText={say("cancel")}
      confirmLoading={take.isPending}
      onCancel={props.onClose}
      onOk={() =>
        take.mutate(undefined, {
          onSuccess: ({ name }) => {
            intention.done();
            void message.success(say("taken", { name }));
            props.onClose();
          },
        })
      }
    >
      <label className="field" htmlFor="backup-reason">
        {say("reason")}
        <Input
          id="backup-reason"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      <ProblemNote error={take.error} />
    </Modal>
  );
}
