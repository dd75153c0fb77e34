/** The people with access to a record, each with the reason; and sharing it with one more. */

import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Modal, Table } from "antd";
import { useState } from "react";
import { share } from "../../../i18n/share";
import { useWords } from "../../../i18n/words";
import { titleOf } from "../../../ui/called";
import { Moment } from "../../../ui/moment";
import type { Opened } from "../one/opened";
import { readRecord } from "../queries";
import { Refused } from "../refused";
import { Principal, useNames } from "../values";
import { Grant } from "./grant";
import { type ShareRow, shareWith, stopSharing, useReaders, useShares } from "./queries";
import { causeOf, levelOf, readerReason } from "./reasons";

type Row = {
  key: string;
  who: string;
  reason: string;
  rights: string;
  ends?: string | null | undefined;
  manual: boolean;
};

/** Everybody that the answers name: owners, team and shares at once; the others by the path that reaches them. */
function useRows(of: Opened) {
  const say = useWords(share);
  const { people } = useNames();
  const { object, id, owners, team } = of.record.value;
  const shares = useShares(object, id);
  const readers = useReaders(object, id);
  const named = (user: string) => people.get(user) ?? user;
  const told: Row[] = [
    ...owners.map((who) => ({
      key: `owner ${who}`,
      who,
      reason: say("by_owner"),
      rights: "full",
      manual: false,
    })),
    ...(team ?? []).map(({ user, role, rights, ends }) => ({
      key: `team ${user}`,
      who: `user:${user}`,
      reason: role ? say("by_teamAs", { role }) : say("by_team"),
      rights,
      ends,
      manual: false,
    })),
    ...(shares.data ?? []).map((row: ShareRow) => ({
      key: `share ${row.to} ${row.cause}`,
      who: row.to,
      reason: causeOf(row.cause, say),
      rights: row.rights,
      ends: row.ends,
      manual: row.cause === "manual",
    })),
  ];
  const known = new Set(told.map(({ who }) => who));
  const others: Row[] = (readers.data?.pages ?? [])
    .flatMap(({ items }) => items)
    .filter(({ user }) => !known.has(`user:${user}`))
    .map((reader) => {
      const reason = readerReason(reader, say, named);
      return {
        key: `who ${reader.user}`,
        who: `user:${reader.user}`,
        reason: reason.words,
        rights: reason.rights ?? "",
        manual: false,
      };
    });
  return { rows: [...told, ...others], shares, readers };
}

export function ShareDialog(props: { of: Opened; onClose: () => void }) {
  const say = useWords(share);
  const client = useQueryClient();
  const { message } = App.useApp();
  const { of } = props;
  const { object, id } = of.record.value;
  const { rows, shares, readers } = useRows(of);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const { people } = useNames();
  const run = async (act: (etag: string) => Promise<unknown>, done: string) => {
    setBusy(true);
    setError(undefined);
    try {
      // Sharing changes the record's state; two shares in a row go from the newest.
      const { etag } = await readRecord(object, id);
      await act(etag);
      void message.success(done);
      await client.invalidateQueries({ queryKey: ["records", object] });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  const nameOf = (who: string) => people.get(who.replace(/^user:/, "")) ?? who;
  return (
    <Modal
      open
      width={820}
      footer={null}
      title={say("title", { name: titleOf(of.record.value, of.object) })}
      onCancel={props.onClose}
    >
      <div className="stack">
        <Grant
          busy={busy}
          onGrant={(wanted, name) =>
            void run((etag) => shareWith(object, id, etag, wanted), say("shared", { name }))
          }
        />
        <p className="quiet">{say("limit")}</p>
        <Refused error={error} tried={{ action: "share", object, record: id }} />
        <Refused error={shares.error} tried={{ action: "share", object, record: id }} />
        <Table<Row>
          rowKey="key"
          size="small"
          pagination={false}
          loading={shares.isPending || readers.isPending}
          dataSource={rows}
          scroll={{ y: 320 }}
          columns={[
            {
              key: "who",
              title: say("person"),
              width: 220,
              render: (_, row) => <Principal of={row.who} />,
            },
            { key: "reason", title: say("reason"), render: (_, row) => row.reason },
            {
              key: "level",
              title: say("level"),
              width: 140,
              render: (_, row) => levelOf(row.rights, say),
            },
            {
              key: "ends",
              title: say("until"),
              width: 110,
              render: (_, row) => (row.ends ? <Moment at={row.ends} /> : say("always")),
            },
            {
              key: "act",
              width: 44,
              render: (_, row) =>
                row.manual && (
                  <Button
                    type="text"
                    size="small"
                    aria-label={say("remove", { name: nameOf(row.who) })}
                    onClick={() =>
                      void run(
                        (etag) => stopSharing(object, id, etag, row.who),
                        say("taken", { name: nameOf(row.who) }),
                      )
                    }
                  >
                    ✕
                  </Button>
                ),
            },
          ]}
        />
        {readers.hasNextPage && (
          <Button
            type="link"
            loading={readers.isFetchingNextPage}
            onClick={() => void readers.fetchNextPage()}
          >
            {say("more")}
          </Button>
        )}
      </div>
    </Modal>
  );
}
