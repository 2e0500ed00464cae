//! What screen readers are told beside what the toolkit's own widgets say of themselves.
//!
//! A grid has some thousand cells. As widgets they would cost more than the grid itself, so a grid builds their nodes
//! and hangs them under its own ([`graft`]) when the frame's tree is done. The same place mends what the toolkit's
//! nodes lack ([`mend`]). Messages are told by [`live`]. Nothing is built while no screen reader is on.
//!
//! AT-SPI is told no table interface by AccessKit 0.25, so a cell's name carries its place in words; the numbers of row
//! and column are in the nodes for the systems that read them.

mod edits;
pub(super) mod live;
mod mend;

use egui::accesskit::{self, Action, Node, NodeId, Rect as Bounds, Role};
use egui::{Context, Event, FullOutput, Id, Plugin, Rect, Ui};
use std::ops::Range;
use std::time::Duration;

/// Nodes that belong under the node of a widget.
struct Graft {
    parent: Id,
    children: Vec<NodeId>,
    nodes: Vec<(NodeId, Node)>,
}

/// Completes the tree of each frame.
#[derive(Default)]
pub struct TreeMender {
    grafts: Vec<Graft>,
}

impl Plugin for TreeMender {
    fn debug_name(&self) -> &'static str {
        "accessibility tree"
    }

    fn on_begin_pass(&mut self, _ui: &mut Ui) {
        // A pass that was discarded leaves what it grafted.
        self.grafts.clear();
    }

    fn output_hook(&mut self, _ctx: &Context, output: &mut FullOutput) {
        let Some(update) = &mut output.platform_output.accesskit_update else { return };
        for graft in self.grafts.drain(..) {
            let parent = graft.parent.accesskit_id();
            if let Some((_, node)) = update.nodes.iter_mut().find(|(id, _)| *id == parent) {
                graft.children.iter().for_each(|child| node.push_child(*child));
                update.nodes.extend(graft.nodes);
            }
        }
        mend::mend(update);
    }
}

/// Hangs `nodes` under the node of the widget `parent`, which must have one in this pass. Those of `children` are its
/// children; the others are below them.
pub fn graft(ctx: &Context, parent: Id, children: Vec<NodeId>, nodes: Vec<(NodeId, Node)>) {
    let mender = ctx.plugin_or_default::<TreeMender>();
    mender.lock().grafts.push(Graft { parent, children, nodes });
}

/// Whether anybody listens.
pub fn is_on(ctx: &Context) -> bool {
    ctx.accesskit_node_builder(egui::accesskit_root_id(), |_| ()).is_some()
}

/// The name of the window, as its title.
pub fn name_window(ctx: &Context, title: &str) {
    ctx.accesskit_node_builder(egui::accesskit_root_id(), |node| node.set_label(title));
}

/// The nodes that a screen reader wants pressed or given the keys in this frame.
pub fn asked_for(ui: &Ui) -> Vec<NodeId> {
    ui.input(|input| {
        let asked = input.events.iter().filter_map(|event| match event {
            Event::AccessKitActionRequest(request)
                if matches!(request.action, Action::Click | Action::Focus) =>
            {
                Some(request.target_node)
            }
            _ => None,
        });
        asked.collect()
    })
}

/// Seconds that a view has stood still before all of its cells are told.
const REST: f64 = 0.2;

/// Whether a view stands still. A screen of cells is some thousand messages to a screen reader, and pages that fly by
/// would pile them up for seconds; so meanwhile only the row with the caret has cells.
#[derive(Debug)]
pub struct Pace {
    seen: Option<(Range<u64>, Range<u64>)>,
    moved: f64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { seen: None, moved: f64::NEG_INFINITY }
    }
}

impl Pace {
    /// Called once a frame with the rows and columns on the screen.
    pub fn is_still(&mut self, ui: &Ui, rows: Range<u64>, columns: Range<u64>) -> bool {
        let (now, seen) = (ui.input(|input| input.time), Some((rows, columns)));
        if self.seen.is_some() && self.seen != seen {
            self.moved = now;
        }
        self.seen = seen;
        let still = now - self.moved >= REST;
        if !still {
            ui.ctx().request_repaint_after(Duration::from_secs_f64(REST));
        }
        still
    }
}

/// The cell of a grid; `row` and `column` count from 0, `place` is relative to its row.
pub fn cell(label: String, row: u64, column: u64, place: Rect, selected: bool) -> Node {
    let mut node = Node::new(Role::GridCell);
    node.set_label(label);
    node.set_description(format!("row {}, column {}", row.saturating_add(1), column.saturating_add(1)));
    node.set_row_index(index(row));
    node.set_column_index(index(column));
    node.set_selected(selected);
    node.set_bounds(bounds(place));
    node.add_action(Action::Click);
    node.add_action(Action::Focus);
    node
}

/// A row of a grid at `place`; its children's places are relative to it, so that a scrolled row moves alone.
pub fn row(label: String, row: u64, place: Rect, children: Vec<NodeId>) -> Node {
    let mut node = Node::new(Role::Row);
    node.set_label(label);
    node.set_row_index(index(row));
    node.set_transform(accesskit::Affine::translate((f64::from(place.left()), f64::from(place.top()))));
    node.set_bounds(bounds(place.translate(-place.min.to_vec2())));
    node.set_children(children);
    node
}

fn bounds(place: Rect) -> Bounds {
    let [x0, y0, x1, y1] = [place.left(), place.top(), place.right(), place.bottom()].map(f64::from);
    Bounds { x0, y0, x1, y1 }
}

fn index(at: u64) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}
