//! Of which types a value is looked for, and where: one type or many at once, in one or both byte orders, at every offset
//! or only at multiples of a type's size.

use crate::decode::{DType, Element, Order};

/// The types that are looked for at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValueTypes {
    /// In the order of the table of types; empty for the type of what is shown, or one that has the value.
    elements: Vec<Element>,
    pub orders: ValueOrders,
    /// Only at multiples of a type's size.
    pub aligned: bool,
}

/// The byte orders that are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ValueOrders {
    #[default]
    Little,
    Big,
    Both,
}

impl ValueOrders {
    /// All choices, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Little, Self::Big, Self::Both];

    /// What it is called.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Little => "Little-endian",
            Self::Big => "Big-endian",
            Self::Both => "Both byte orders",
        }
    }

    fn each(self) -> &'static [Order] {
        match self {
            Self::Little => &[Order::Little],
            Self::Big => &[Order::Big],
            Self::Both => &Order::ALL,
        }
    }
}

impl ValueTypes {
    /// One type alone, at every offset.
    pub fn one(dtype: DType) -> Self {
        let orders = match dtype.order {
            Order::Little => ValueOrders::Little,
            Order::Big => ValueOrders::Big,
        };
        Self { elements: vec![dtype.element], orders, aligned: false }
    }

    /// Whether no type is chosen: that of what is shown is meant.
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// Whether a type is chosen.
    pub fn has(&self, element: Element) -> bool {
        self.elements.contains(&element)
    }

    /// Chooses a type too, or no more.
    pub fn set(&mut self, element: Element, is_on: bool) {
        self.elements.retain(|own| *own != element);
        if is_on {
            self.elements.push(element);
            self.elements.sort_by_key(|own| *own as usize);
        }
    }

    /// No type is chosen any more.
    pub fn clear(&mut self) {
        self.elements.clear();
    }

    /// The usual integers and floats.
    pub fn numbers() -> impl Iterator<Item = Element> {
        Element::USUAL.iter().copied().filter(|element| element.is_integer() || element.is_float())
    }

    /// Whether all usual integers and floats are chosen.
    pub fn has_all_numbers(&self) -> bool {
        Self::numbers().all(|element| self.has(element))
    }

    /// Each chosen type in each byte order that makes a difference.
    pub fn dtypes(&self) -> Vec<DType> {
        let orders =
            |element: Element| if element.size() > 1 { self.orders.each() } else { &[Order::Little][..] };
        let of = |element: &Element| {
            let element = *element;
            orders(element).iter().map(move |order| DType::new(element, *order))
        };
        self.elements.iter().flat_map(of).collect()
    }

    /// The type, if it is only one in one byte order.
    pub fn single(&self) -> Option<DType> {
        match self.dtypes()[..] {
            [dtype] => Some(dtype),
            _ => None,
        }
    }

    /// What it is called in few words: `float32, big-endian`, `3 types`.
    pub fn words(&self) -> String {
        match (&self.elements[..], self.single()) {
            (_, Some(dtype)) => dtype_words(dtype),
            ([], None) => String::new(),
            ([one], None) => format!("{}, both byte orders", one.name()),
            (many, None) if self.has_all_numbers() && many.len() == Self::numbers().count() => {
                String::from("All integers and floats")
            }
            (many, None) => format!("{} types", many.len()),
        }
    }
}

/// A type as it is offered: `int16, little-endian`.
pub fn dtype_words(dtype: DType) -> String {
    let name = dtype.element.name();
    if dtype.size() > 1 { format!("{name}, {}", dtype.order.label()) } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_comes_in_each_byte_order_that_makes_a_difference() {
        let mut types = ValueTypes { orders: ValueOrders::Both, ..ValueTypes::default() };
        assert!(types.is_empty() && types.single().is_none() && types.dtypes().is_empty());
        types.set(Element::I16, true);
        types.set(Element::U8, true);
        let names: Vec<String> = types.dtypes().iter().map(|dtype| dtype.name()).collect();
        assert_eq!(names, ["|u1", "<i2", ">i2"]);
        assert_eq!(types.words(), "2 types");
        types.set(Element::I16, false);
        assert_eq!(types.single(), Some(DType::new(Element::U8, Order::Little)));
        types.set(Element::U8, false);
        types.set(Element::F32, true);
        assert_eq!((types.single(), types.words()), (None, String::from("float32, both byte orders")));
        types.orders = ValueOrders::Big;
        assert_eq!(types.words(), "float32, big-endian");
        ValueTypes::numbers().for_each(|element| types.set(element, true));
        assert!(types.has_all_numbers() && !types.has(Element::Bool) && !types.has(Element::Char));
        assert_eq!(types.words(), "All integers and floats");
    }
}
