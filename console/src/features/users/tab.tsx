/** Where a user's access comes from: every assignment that names them, and by which way. */

import { Button, Table } from "antd";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { users } from "../../i18n/users";
import { useWords } from "../../i18n/words";
import { usePrincipal } from "../../ui/decision";
import { GrantDrawer } from "../../ui/grant";
import { moment } from "../../ui/moment";
import { Answered, Empty } from "../../ui/state";
import { useStructure, useUser } from "./queries";
import { sourcesOf } from "./sources";

export function useWhen(): (of: Schemas["Assignment"]) => string {
  const say = useWords(users);
  return ({ starts, ends }) => {
    if (starts && ends) return say("fromTo", { from: moment(starts), to: moment(ends) });
    if (ends) return say("until", { at: moment(ends) });
    return starts ? say("fromTo", { from: moment(starts), to: "…" }) : say("always");
  };
}

export function Sources(props: { user: string }) {
  const say = useWords(users);
  const principal = usePrincipal();
  const when = useWhen();
  const found = useUser(props.user);
  const structure = useStructure();
  const [giving, setGiving] = useState(false);
  const user = found.data?.value.content;
  return (
    <Answered of={structure}>
      {(all) => (
        <>
          <div className="tools" style={{ padding: "0 0 12px" }}>
            <span className="quiet" style={{ flex: 1 }}>
              {say("sourcesWhy")}
            </span>
            <Button onClick={() => setGiving(true)}>{say("assign")}</Button>
          </div>
          <Table
            rowKey="id"
            size="small"
            pagination={false}
            dataSource={user ? sourcesOf(props.user, user, all) : []}
            locale={{ emptyText: <Empty title={say("noSources")}>{say("noSourcesWhy")}</Empty> }}
            columns={[
              {
                key: "what",
                title: say("sourceWhat"),
                render: (_, { assignment }) => principal(assignment.what),
              },
              {
                key: "how",
                title: say("sourceHow"),
                render: (_, { through }) => (through ? principal(through) : say("direct")),
              },
              {
                key: "when",
                title: say("sourceWhen"),
                render: (_, { assignment }) => (
                  <>
                    {when(assignment)}
                    {(assignment.networks?.length || assignment.hours) && (
                      <div className="quiet">{say("limited")}</div>
                    )}
                  </>
                ),
              },
            ]}
          />
          {giving && (
            <GrantDrawer from={{ to: `user:${props.user}` }} onClose={() => setGiving(false)} />
          )}
        </>
      )}
    </Answered>
  );
}
