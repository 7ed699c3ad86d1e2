// What the program may ask of the page in its dock, and hears from it: window.chuangwen.
import { text, placeOf } from "./unpack.js";

export const bridge = { ready: false, select: () => false, clearSelection: () => {}, placeOf: () => null, onSelect: null };

export function startBridge(page) {
  const find = (layerId, id) => {
    const layer = page.model.layers.find((one) => one.id === layerId);
    if (!layer) return null;
    if (!layer.byId) {
      layer.byId = new Map();
      for (let n = 0; n < layer.count; n++) layer.byId.set(text(page.model, layer.ids, n), n);
    }
    const feature = layer.byId.get(id);
    return feature === undefined ? null : { layer, feature };
  };
  // Pans to the feature and opens it; false where this page does not have it.
  bridge.select = (layerId, id) => {
    const found = find(layerId, id);
    if (!found) return false;
    page.open(found.layer, found.feature, { pans: true, byProgram: true });
    return true;
  };
  bridge.clearSelection = () => page.close({ byProgram: true });
  // [x, y] in CSS pixels of the window, null where this page does not have it.
  bridge.placeOf = (layerId, id) => {
    const found = find(layerId, id);
    const at = found && placeOf(found.layer, found.feature);
    if (!at) return null;
    const { x, y } = page.map.latLngToContainerPoint(page.latLngOf(at));
    return [x, y];
  };
  page.heard("selected", (layer, feature, byProgram) => {
    if (byProgram || typeof bridge.onSelect !== "function") return;
    if (layer) bridge.onSelect(layer.id, text(page.model, layer.ids, feature));
    else bridge.onSelect(null, null); // the reader closed what was open
  });
  page.heard("painted", () => (bridge.ready = true));
}
