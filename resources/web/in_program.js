// The page's side of the program's web view: a click there selects here, a selection here shows there. Run by the view, never part of a file.
(function () {
  "use strict";
  new QWebChannel(qt.webChannelTransport, function (channel) {
    const program = channel.objects.program;
    function shake() {
      const page = window.chuangwen;
      if (!page || !page.ready) {
        window.setTimeout(shake, 20);
        return;
      }
      page.onSelect = function (layer, id) {
        program.picked(layer || "", id || "");
      };
      program.selected.connect(function (layer, id) {
        if (layer) {
          page.select(layer, id);
        } else {
          page.clearSelection();
        }
      });
      program.met();
    }
    shake();
  });
})();
