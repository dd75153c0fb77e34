/** The parts of ECharts that are used. Tips are drawn, not HTML: the page allows no inline style. */
import { BarChart, GraphChart, LineChart, PieChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([
  BarChart,
  GraphChart,
  LineChart,
  PieChart,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  CanvasRenderer,
]);

const COLOURS = ["#0f7a83", "#c98a1b", "#5b6ad0", "#b3473e", "#5d8a3c", "#7a6a8f"];

export function draw(box: HTMLElement, option: echarts.EChartsCoreOption): () => void {
  const style = getComputedStyle(box);
  const ours = (name: string) => style.getPropertyValue(name).trim();
  const [ink, quiet, line] = [ours("--ink"), ours("--quiet"), ours("--line")];
  const axis = {
    axisLabel: { color: quiet },
    axisLine: { lineStyle: { color: line } },
    splitLine: { lineStyle: { color: line } },
  };
  const chart = echarts.init(box, {
    color: COLOURS,
    textStyle: { color: ink, fontFamily: ours("--type") },
    legend: { textStyle: { color: ink } },
    categoryAxis: axis,
    valueAxis: axis,
    timeAxis: axis,
    bar: { label: { color: quiet, textBorderWidth: 0 } },
    pie: { label: { color: ink, textBorderWidth: 0 } },
    graph: { label: { color: ink, textBorderWidth: 0 }, lineStyle: { color: quiet } },
  });
  chart.setOption({
    animation: false,
    grid: { left: 8, right: 40, top: 16, bottom: 8, outerBoundsMode: "same" },
    ...option,
    tooltip: { trigger: "axis", renderMode: "richText", ...(option.tooltip as object) },
  });
  const watch = new ResizeObserver(() => chart.resize());
  watch.observe(box);
  return () => {
    watch.disconnect();
    chart.dispose();
  };
}
