/** Saved views: an address of this list under a name, and the choice of columns. Kept in this browser. */
import { DeleteOutlined, StarOutlined } from "@ant-design/icons";
import { Button, Input, Popover } from "antd";
import { useState } from "react";
import { records } from "../../../i18n/records";
import { useWords } from "../../../i18n/words";
import { useAddress } from "../../../ui/address";
import { type View, viewOf, viewsOf } from "./kept";

export function Views(props: {
  object: string;
  hidden: readonly string[];
  onHidden: (hidden: readonly string[]) => void;
}) {
  const say = useWords(records);
  const [search, go] = useAddress();
  const [views, setViews] = useState<readonly View[]>(() => viewsOf(props.object));
  const [name, setName] = useState("");
  const keep = (next: readonly View[]) => {
    viewsOf(props.object, next);
    setViews(next);
  };
  const apply = (view: View) => {
    const gone = Object.fromEntries(Object.keys(search).map((key) => [key, undefined]));
    go({ ...gone, ...view.address });
    props.onHidden(view.hidden);
  };
  const content = (
    <div style={{ width: 280 }}>
      {views.length === 0 && <p className="quiet">{say("viewNone")}</p>}
      <ul className="plain-list">
        {views.map((view) => (
          <li key={view.name}>
            <Button type="link" className="plain" onClick={() => apply(view)}>
              {view.name}
            </Button>
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined aria-hidden />}
              aria-label={say("viewDelete", { name: view.name })}
              onClick={() => keep(views.filter((one) => one.name !== view.name))}
            />
          </li>
        ))}
      </ul>
      <form
        className="pair"
        onSubmit={(event) => {
          event.preventDefault();
          if (!name.trim()) return;
          const view = viewOf(name.trim(), search, props.hidden);
          keep([...views.filter((one) => one.name !== view.name), view]);
          setName("");
        }}
      >
        <Input
          aria-label={say("viewName")}
          placeholder={say("viewName")}
          value={name}
          onChange={(at) => setName(at.target.value)}
        />
        <Button htmlType="submit" disabled={!name.trim()}>
          {say("viewSave")}
        </Button>
      </form>
    </div>
  );
  return (
    <Popover trigger="click" placement="bottomLeft" title={say("viewKeep")} content={content}>
      <Button icon={<StarOutlined aria-hidden />}>{say("views")}</Button>
    </Popover>
  );
}
