// Starts the page: the content is opened, the map gets its layer, everything around it its work.
import { startBridge, bridge } from "./bridge.js";
import { CanvasMap } from "./canvas.js";
import { startPanel } from "./card.js";
import { byId, isNarrow, pressed, told, toast } from "./elements.js";
import { Grid } from "./grid.js";
import { hits } from "./hit.js";
import { startLegend } from "./legend.js";
import { askPassword } from "./lock.js";
import { Stamps } from "./marks.js";
import { startMeasure } from "./measure.js";
import { content, isLocked } from "./opening.js";
import { startPatrol } from "./patrol.js";
import { startPrinting } from "./printing.js";
import { startSaving } from "./saving.js";
import { startScale } from "./scale.js";
import { startSearch } from "./search.js";
import { startSelection } from "./selection.js";
import { placeOf, STEPS, unpack } from "./unpack.js";
import { startWatermark } from "./watermark.js";
import { startWhereabouts } from "./whereabouts.js";
import { fillWords, say } from "./words.js";

const NEAR = 17; // zoom at which a single feature is looked at

function pageOf(map, model) {
  const listeners = {};
  const page = {
    map,
    model,
    shownVersion: 0,
    stamps: new Stamps(),
    night: window.matchMedia("(prefers-color-scheme: dark)"),
    isPrinting: false,
    printsMono: false,
    heard: (name, act) => (listeners[name] = listeners[name] || []).push(act),
    tell: (name, ...about) => (listeners[name] || []).forEach((act) => act(...about)),
    tone: () => page.canvas.tone(),
    hasTiles: () => Boolean(page.tiles && map.hasLayer(page.tiles)),
    latLngOf: ([x, y]) => L.CRS.EPSG3857.pointToLatLng(L.point(x / 1048576, y / 1048576), 0),
  };
  page.layersChanged = () => {
    page.shownVersion++;
    page.canvas.repaint();
  };
  // What is opened by search or by the program is seen, whatever was switched off.
  page.reveal = (layer, feature) => {
    const kind = layer.classes[feature];
    if (layer.isOn && !layer.off.has(kind)) return;
    layer.isOn = true;
    layer.off.delete(kind);
    page.fillLegend();
    page.layersChanged();
  };
  page.switchTiles = () => {
    if (page.hasTiles()) page.tiles.remove();
    else page.tiles.addTo(map);
    page.canvas.repaint();
  };
  page.bringIntoView = (layer, feature) => bringIntoView(page, layer, feature);
  return page;
}

// The feature in the part of the window that no card covers, near enough to be recognised.
function bringIntoView(page, layer, feature) {
  const { map } = page;
  const at = placeOf(layer, feature);
  if (!at) return toast(say("no-shape"));
  const right = isNarrow() ? 0 : byId("card").offsetWidth;
  const below = isNarrow() ? byId("card").offsetHeight : 0;
  const b = feature * 4;
  const [west, north, east, south] = layer.bounds.subarray(b, b + 4);
  const room = { paddingTopLeft: [40, 110], paddingBottomRight: [right + 40, below + 40], maxZoom: Math.max(NEAR, Math.min(map.getZoom(), 19)) };
  map.fitBounds([page.latLngOf([west, south]), page.latLngOf([east, north])], room);
}

function startMap(page) {
  const { map, model } = page;
  page.canvas = new CanvasMap(page);
  if (model.base) {
    page.tiles = L.tileLayer(model.base.address, { maxNativeZoom: model.base.max_zoom, maxZoom: 20 });
    page.tiles.addTo(map);
  }
  map.on("click", (event) => {
    if (page.measuring) return;
    page.closeMenus();
    const scale = Math.pow(2, map.getZoom() - 20);
    const at = map.project(event.latlng).divideBy(scale);
    touched(page, hits(page, at.x, at.y, scale, map.getZoom()));
  });
  page.night.addEventListener("change", () => page.canvas.repaint());
}

// What a touch found: one feature, or marks that stand for several, which are spread out or listed.
function touched(page, found) {
  if (!found.length) return page.close();
  const first = found[0];
  if (first.members) {
    const wide = spread(first);
    const { map } = page;
    if (wide * Math.pow(2, 18 - 20) > 30 && map.getZoom() < 18) {
      const [west, north, east, south] = boxOf(first);
      map.fitBounds([page.latLngOf([west, south]), page.latLngOf([east, north])], { padding: [70, 130], maxZoom: 18 });
    } else page.openList(first.members.map((feature) => ({ layer: first.layer, feature })));
    return;
  }
  const others = [];
  for (const hit of found.slice(1)) for (const feature of hit.members || [hit.feature]) others.push({ layer: hit.layer, feature });
  page.open(first.layer, first.feature, { others });
}

function boxOf({ layer, members }) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const feature of members) {
    const b = feature * 4;
    box[0] = Math.min(box[0], layer.bounds[b]);
    box[1] = Math.min(box[1], layer.bounds[b + 1]);
    box[2] = Math.max(box[2], layer.bounds[b + 2]);
    box[3] = Math.max(box[3], layer.bounds[b + 3]);
  }
  return box;
}

function spread(cluster) {
  const [west, north, east, south] = boxOf(cluster);
  return Math.max(east - west, south - north);
}

// The whole of what the page shows, or the extent that it was given.
function showAll(page) {
  const { map, model } = page;
  let bounds = model.extent && [[model.extent[1], model.extent[0]], [model.extent[3], model.extent[2]]];
  if (!bounds) {
    const subjects = model.layers.filter((one) => one.count && !one.context);
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const layer of subjects.length ? subjects : model.layers)
      for (let b = 0; b < layer.bounds.length; b += 4) {
        if (layer.bounds[b] > layer.bounds[b + 2]) continue;
        box[0] = Math.min(box[0], layer.bounds[b]);
        box[1] = Math.min(box[1], layer.bounds[b + 1]);
        box[2] = Math.max(box[2], layer.bounds[b + 2]);
        box[3] = Math.max(box[3], layer.bounds[b + 3]);
      }
    if (box[0] > box[2]) [box[0], box[1], box[2], box[3]] = [STEPS * 0.7, STEPS * 0.3, STEPS * 0.9, STEPS * 0.5];
    bounds = [page.latLngOf([box[0], box[3]]), page.latLngOf([box[2], box[1]])];
  }
  page.extent = L.latLngBounds(bounds);
  const patrol = model.patrol ? 70 : 0;
  const room = isNarrow() ? { paddingTopLeft: [14, 120], paddingBottomRight: [14, 70 + patrol] } : { paddingTopLeft: [370, 30], paddingBottomRight: [80, 50] };
  map.fitBounds(bounds, Object.assign({ animate: false, maxZoom: 18 }, room));
  map.setMinZoom(Math.max(3, map.getZoom() - 3));
}

function fillHead(page) {
  const { model } = page;
  document.title = model.title;
  byId("title").replaceChildren(told(model.title));
  byId("subtitle").replaceChildren(told(model.subtitle));
  page.timeWords = model.time.replace("T", " ");
  const notes = [model.producer, say("data-time", { time: page.timeWords }), ...model.notes];
  if (model.base) notes.push(model.base.credit);
  byId("notes").replaceChildren(...notes.filter(Boolean).map((one) => told(one)));
  const today = new Date();
  const day = `${today.getFullYear()}-${String(today.getMonth() + 1).padStart(2, "0")}-${String(today.getDate()).padStart(2, "0")}`;
  page.isExpired = Boolean(model.expires) && day > model.expires;
  if (page.isExpired) {
    byId("expired").hidden = false;
    byId("expired").textContent = say("expired", { day: model.expires });
    document.body.classList.add("is-expired");
  }
}

function startMenus(page) {
  const panel = byId("legend");
  const tool = byId("tool-layers");
  const show = (isOpen) => {
    panel.hidden = !isOpen;
    pressed(tool, isOpen);
  };
  page.closeMenus = () => {
    if (isNarrow()) show(false);
    byId("print-choice").hidden = true;
  };
  tool.addEventListener("click", () => {
    const isOpen = panel.hidden;
    if (isNarrow() && isOpen) page.close();
    show(isOpen);
  });
  byId("legend-close").addEventListener("click", () => show(false));
  byId("tool-in").addEventListener("click", () => page.map.zoomIn(1));
  byId("tool-out").addEventListener("click", () => page.map.zoomOut(1));
  byId("tool-all").addEventListener("click", () => showAll(page));
  show(!isNarrow());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (page.measuring) page.endMeasure();
      else page.close();
    }
    const isTyping = /INPUT|TEXTAREA/.test(document.activeElement.tagName);
    if (event.key === "/" && !isTyping) {
      event.preventDefault();
      byId("find").focus();
    }
  });
}

async function start(map) {
  fillWords(document);
  let model;
  try {
    model = unpack(isLocked ? await askPassword() : await content());
  } catch (damaged) {
    byId("loading").textContent = say("damaged");
    throw damaged;
  }
  for (const layer of model.layers) if (layer.count) layer.grid = new Grid(layer);
  const page = pageOf(map, model);
  startMap(page);
  startPanel(page);
  startMenus(page);
  fillHead(page);
  startSelection(page);
  startPatrol(page);
  startLegend(page);
  startSearch(page);
  startMeasure(page);
  startWhereabouts(page);
  startSaving();
  startBridge(page);
  document.body.classList.add("is-ready");
  map.invalidateSize({ animate: false });
  showAll(page);
  map.addLayer(page.canvas);
  startScale(page);
  startWatermark(page);
  startPrinting(page);
  byId("loading").remove();
}

bridge.start = start;
window.chuangwen = bridge;
