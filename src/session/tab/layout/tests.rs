//! Tests of the tree of panes: its operations, alone and in random order.

use super::*;

const ROOM: PaneRect = PaneRect { left: 0.0, top: 0.0, width: 1200.0, height: 600.0 };

fn key(number: u32) -> PaneKey {
    PaneKey::of_number(number)
}

fn numbers(layout: &PaneLayout) -> Vec<u32> {
    layout.panes().into_iter().map(PaneKey::number).collect()
}

fn rect(layout: &PaneLayout, pane: u32) -> (f32, f32, f32, f32) {
    let found = layout.rects(ROOM).into_iter().find(|(own, _)| *own == key(pane));
    found.map(|(_, rect)| (rect.left, rect.top, rect.width, rect.height)).expect("it is there")
}

/// 0 at the left; at the right 1 over 2.
fn three() -> PaneLayout {
    let mut layout = PaneLayout::pair(key(0), key(1), 0.5);
    assert!(layout.split(key(1), PaneSide::Down, key(2)));
    layout
}

#[test]
fn a_split_gives_the_new_pane_half_of_the_room() {
    let mut layout = PaneLayout::single(key(0));
    assert!(layout.split(key(0), PaneSide::Right, key(1)));
    assert_eq!((rect(&layout, 0), rect(&layout, 1)), ((0.0, 0.0, 600.0, 600.0), (600.0, 0.0, 600.0, 600.0)));
    assert!(layout.split(key(0), PaneSide::Up, key(2)));
    assert_eq!((rect(&layout, 2), rect(&layout, 0)), ((0.0, 0.0, 600.0, 300.0), (0.0, 300.0, 600.0, 300.0)));
    assert!(layout.split(key(1), PaneSide::Left, key(3)));
    assert_eq!(
        (rect(&layout, 3), rect(&layout, 1)),
        ((600.0, 0.0, 300.0, 600.0), (900.0, 0.0, 300.0, 600.0))
    );
    let LayoutNode::Split(SplitKind::Row, parts) = layout.root() else { panic!("a row") };
    assert_eq!(parts.len(), 3, "a row in a row is one row");
    assert_eq!(numbers(&layout), [2, 0, 3, 1]);
    assert!(!layout.split(key(9), PaneSide::Up, key(4)) && !layout.split(key(0), PaneSide::Up, key(1)));
}

#[test]
fn the_others_take_the_room_of_a_closed_pane_and_the_last_one_stays() {
    let mut layout = three();
    assert!(layout.close(key(1)));
    assert_eq!((layout.as_pair(key(0), key(2)), numbers(&layout)), (Some(0.5), vec![0, 2]));
    assert!(layout.close(key(0)) && !layout.close(key(2)) && !layout.close(key(7)));
    assert_eq!(layout, PaneLayout::single(key(2)));
}

#[test]
fn a_pane_moves_to_a_side_of_another() {
    let mut layout = three();
    assert!(layout.move_to(key(2), key(0), PaneSide::Left));
    assert_eq!(numbers(&layout), [2, 0, 1]);
    assert_eq!((rect(&layout, 2), rect(&layout, 1)), ((0.0, 0.0, 300.0, 600.0), (600.0, 0.0, 600.0, 600.0)));
    assert!(!layout.move_to(key(2), key(2), PaneSide::Up) && !layout.move_to(key(2), key(8), PaneSide::Up));
    assert!(!PaneLayout::single(key(0)).move_to(key(0), key(1), PaneSide::Up));
    assert_eq!(numbers(&layout), [2, 0, 1]);
    let mut pair = PaneLayout::pair(key(0), key(1), 0.5);
    assert!(!pair.move_to(key(1), key(0), PaneSide::Right), "it is there already");
    assert!(pair.replace(key(1), key(5)) && !pair.replace(key(1), key(6)) && !pair.replace(key(0), key(5)));
    assert_eq!(numbers(&pair), [0, 5]);
}

#[test]
fn a_line_moves_and_each_side_keeps_the_least_size() {
    let mut layout = three();
    layout.resize(&[], 0, 0.25, 0.1);
    assert_eq!((rect(&layout, 0).2, rect(&layout, 1).2), (300.0, 900.0));
    for at in [-5.0, 0.0, 0.05] {
        layout.resize(&[], 0, at, 0.1);
        assert_eq!(rect(&layout, 0).2, 120.0, "{at}");
    }
    layout.resize(&[], 0, 7.0, 0.1);
    assert_eq!(rect(&layout, 1).2, 120.0);
    let before = layout.clone();
    for (path, divider, at) in
        [(&[][..], 1, 0.5), (&[0][..], 0, 0.5), (&[1, 1][..], 0, 0.5), (&[][..], 0, f32::NAN)]
    {
        layout.resize(path, divider, at, 0.1);
        assert_eq!(layout, before, "{path:?} {divider} {at}");
    }
    layout.resize(&[1], 0, 0.25, 0.1);
    assert_eq!((rect(&layout, 1).3, rect(&layout, 2).3), (150.0, 450.0));
    layout.equalise(Some(&[1]));
    assert_eq!((rect(&layout, 1).3, rect(&layout, 1).2), (300.0, 120.0));
    layout.equalise(None);
    assert_eq!(rect(&layout, 1), (600.0, 0.0, 600.0, 300.0));
}

#[test]
fn lines_are_where_the_panes_meet() {
    let layout = three();
    let lines = layout.dividers(ROOM);
    let told: Vec<_> = lines.iter().map(|line| (line.path.clone(), line.at, line.kind, line.place)).collect();
    assert_eq!(told, [(vec![], 0, SplitKind::Row, 600.0), (vec![1], 0, SplitKind::Column, 300.0)]);
    assert_eq!((lines[1].split.left, lines[1].split.width), (600.0, 600.0));
}

#[test]
fn the_focus_goes_to_the_pane_that_touches() {
    use PaneSide::{Down, Left, Right, Up};
    let mut layout = three();
    layout.resize(&[1], 0, 0.25, 0.1);
    for (from, side, to) in [
        (0, Right, Some(2)),
        (0, Left, None),
        (0, Up, None),
        (1, Down, Some(2)),
        (2, Up, Some(1)),
        (1, Left, Some(0)),
        (2, Left, Some(0)),
        (2, Right, None),
    ] {
        assert_eq!(layout.neighbour(key(from), side), to.map(key), "{from} {side:?}");
    }
    for (pane, sibling) in [(0, Some(1)), (1, Some(2)), (2, Some(1)), (9, None)] {
        assert_eq!(layout.sibling(key(pane)), sibling.map(key), "{pane}");
    }
    assert_eq!((layout.next(key(2), false), layout.next(key(0), true)), (key(0), key(2)));
    assert_eq!((layout.next(key(0), false), layout.next(key(2), true)), (key(1), key(1)));
}

#[test]
fn what_is_no_tree_of_panes_is_made_one_or_refused() {
    let part = |share, node| LayoutPart { share, node };
    let leaf = |number| LayoutNode::Pane(key(number));
    let row = |parts| LayoutNode::Split(SplitKind::Row, parts);
    assert_eq!(PaneLayout::of(row(vec![])), None);
    assert_eq!(PaneLayout::of(row(vec![part(0.5, leaf(1)), part(0.5, leaf(1))])), None);
    let odd = row(vec![
        part(f32::NAN, leaf(1)),
        part(-3.0, row(vec![part(0.0, leaf(2)), part(0.0, row(vec![]))])),
        part(f32::INFINITY, LayoutNode::Split(SplitKind::Column, vec![part(1.0, leaf(3))])),
    ]);
    let layout = PaneLayout::of(odd).expect("three panes");
    assert_eq!(numbers(&layout), [1, 2, 3]);
    check(&layout, "made normal");
}

#[test]
fn a_tree_is_read_from_its_text() {
    let text = "row(0.4500 0, 0.5500 column(0.5000 1, 0.5000 2))";
    let layout = PaneLayout::parse(text).expect("a tree");
    assert_eq!((numbers(&layout), layout.to_string().as_str()), (vec![0, 1, 2], text));
    assert_eq!(PaneLayout::parse("7").map(|layout| numbers(&layout)), Some(vec![7]));
    let deep = |levels: usize| format!("{}1{}", "row(1 ".repeat(levels), ")".repeat(levels));
    assert!(PaneLayout::parse(&deep(20)).is_some() && PaneLayout::parse(&deep(100_000)).is_none());
    for odd in [
        "",
        "row",
        "row()",
        "row(",
        "x",
        "-1",
        "row(0.5 1, 0.5 1)",
        "row(1 1) ",
        "row(1 1",
        "row(1 1;)",
        "99999999999",
        "row(1  1)",
    ] {
        assert_eq!(PaneLayout::parse(odd), None, "{odd}");
    }
}

/// Holds what the head of the file promises of every tree.
fn check(layout: &PaneLayout, what: &str) {
    let mut panes = numbers(layout);
    assert!(!panes.is_empty(), "{what}");
    panes.sort_unstable();
    assert!(panes.windows(2).all(|two| two[0] != two[1]), "{what}: one twice in {layout:?}");
    check_node(layout.root(), what);
    let rects = layout.rects(ROOM);
    let covered: f32 = rects.iter().map(|(_, rect)| rect.width * rect.height).sum();
    assert!((covered - ROOM.width * ROOM.height).abs() < 1.0, "{what}: {covered} of the room is covered");
    assert_eq!(layout.dividers(ROOM).len() + 1, rects.len(), "{what}: a line between each two");
}

fn check_node(node: &LayoutNode, what: &str) {
    let LayoutNode::Split(kind, parts) = node else { return };
    assert!(parts.len() > 1, "{what}");
    let sum: f32 = parts.iter().map(|part| part.share).sum();
    assert!((sum - 1.0).abs() < 1e-3 && parts.iter().all(|part| part.share > 0.0), "{what}: {parts:?}");
    for part in parts {
        assert!(!matches!(&part.node, LayoutNode::Split(inner, _) if inner == kind), "{what}: {node:?}");
        check_node(&part.node, what);
    }
}

#[test]
fn no_order_of_operations_loses_or_doubles_a_pane() {
    for seed in 0..200 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut layout = PaneLayout::single(key(0));
        let (mut open, mut next) = (vec![0], 1);
        for step in 0..60 {
            let at = key(open[random.usize(..open.len())]);
            let other = key(open[random.usize(..open.len())]);
            let side = PaneSide::ALL[random.usize(..4)];
            let what = format!("seed {seed}, step {step}");
            match random.u8(..6) {
                0 | 1 if open.len() < 12 => {
                    assert!(layout.split(at, side, key(next)), "{what}");
                    open.push(next);
                    next += 1;
                }
                2 => {
                    let closes = layout.close(at);
                    assert_eq!(closes, open.len() > 1, "{what}");
                    open.retain(|number| !closes || *number != at.number());
                }
                3 => {
                    layout.move_to(at, other, side);
                }
                4 => layout.equalise(None),
                _ => {
                    let lines = layout.dividers(ROOM);
                    if let Some(line) = lines.get(random.usize(..lines.len().max(1))) {
                        layout.resize(&line.path, line.at, random.f32() * 2.0 - 0.5, random.f32() / 4.0);
                    }
                }
            }
            check(&layout, &what);
            let (mut have, mut want) = (numbers(&layout), open.clone());
            have.sort_unstable();
            want.sort_unstable();
            assert_eq!(have, want, "{what}");
            for (pane, side) in layout.panes().into_iter().zip(PaneSide::ALL) {
                assert_ne!(layout.neighbour(pane, side), Some(pane), "{what}");
            }
        }
    }
}
