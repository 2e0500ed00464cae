//! Mends what the toolkit's nodes lack for a screen reader, in the tree of a whole frame.
//!
//! A list's choice is a child of its node, as AT-SPI has no text value. A dialog is named after its title. A field
//! without a name is named after its hint.

use egui::accesskit::{Node, NodeId, Role, TreeUpdate};
use std::collections::HashMap;

/// Numbers that no widget has: the toolkit's are hashes, of which these are the complements.
fn choice_id(list: NodeId) -> NodeId {
    NodeId(!list.0)
}

pub(super) fn mend(update: &mut TreeUpdate) {
    let named: Vec<(usize, String)> = dialogs(&update.nodes);
    for (at, name) in named {
        update.nodes[at].1.set_label(name);
    }
    let mut choices = Vec::new();
    for (id, node) in &mut update.nodes {
        match node.role() {
            Role::ComboBox => {
                let Some(value) = node.value().map(str::to_owned) else { continue };
                let mut choice = Node::new(Role::MenuListOption);
                choice.set_label(value);
                choice.set_selected(true);
                node.push_child(choice_id(*id));
                choices.push((choice_id(*id), choice));
            }
            Role::TextInput if node.label().is_none() && node.labelled_by().is_empty() => {
                if let Some(hint) = node.placeholder().map(str::to_owned) {
                    node.set_label(hint);
                }
            }
            Role::Dialog => node.set_modal(),
            _ => {}
        }
    }
    update.nodes.extend(choices);
}

/// The dialogs without a name, and their first words.
fn dialogs(nodes: &[(NodeId, Node)]) -> Vec<(usize, String)> {
    let nameless = |node: &Node| node.role() == Role::Dialog && node.label().is_none();
    if !nodes.iter().any(|(_, node)| nameless(node)) {
        return Vec::new();
    }
    let by_id: HashMap<NodeId, &Node> = nodes.iter().map(|(id, node)| (*id, node)).collect();
    let all = nodes.iter().enumerate().filter(|(_, (_, node))| nameless(node));
    all.filter_map(|(at, (id, _))| Some((at, first_words(*id, &by_id)?))).collect()
}

/// The first label below a node, in the order of the screen.
fn first_words(id: NodeId, nodes: &HashMap<NodeId, &Node>) -> Option<String> {
    let mut left = vec![id];
    while let Some(id) = left.pop() {
        let Some(node) = nodes.get(&id) else { continue };
        if let Some(words) = node.value().filter(|words| node.role() == Role::Label && !words.is_empty()) {
            return Some(words.to_owned());
        }
        left.extend(node.children().iter().rev());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::accesskit::{TreeId, TreeInfo};

    fn update(nodes: Vec<(u64, Node)>) -> TreeUpdate {
        TreeUpdate {
            nodes: nodes.into_iter().map(|(id, node)| (NodeId(id), node)).collect(),
            tree: Some(TreeInfo::new(NodeId(0))),
            tree_id: TreeId::ROOT,
            focus: NodeId(0),
        }
    }

    #[test]
    fn a_list_has_its_choice_a_dialog_its_title_and_a_field_its_hint() {
        let mut dialog = Node::new(Role::Dialog);
        dialog.set_children(vec![NodeId(2), NodeId(3), NodeId(4)]);
        let mut title = Node::new(Role::Label);
        title.set_value("Go to");
        let mut list = Node::new(Role::ComboBox);
        list.set_value("UTF-8");
        let mut field = Node::new(Role::TextInput);
        field.set_placeholder("Type a command");
        let mut update = update(vec![(1, dialog), (2, title), (3, list), (4, field)]);
        mend(&mut update);
        let node =
            |id: NodeId| update.nodes.iter().find(|(other, _)| *other == id).map(|(_, node)| node).unwrap();
        assert_eq!(node(NodeId(1)).label(), Some("Go to"));
        assert!(node(NodeId(1)).is_modal());
        let choice = node(node(NodeId(3)).children()[0]);
        assert_eq!((choice.label(), choice.is_selected()), (Some("UTF-8"), Some(true)));
        assert_eq!(node(NodeId(4)).label(), Some("Type a command"));
    }
}
