//! What a key does to the bytes: digits, text, erasing, in both modes.

use super::notation::{Script, check, check_refused};
use pagelens::decode::{Encoding, Radix};

#[test]
fn hex_digits_overwrite_digit_by_digit() {
    check("^00 11", "4", "4^0 11");
    check("^00 11", "4 1", "41 ^11");
    check("^00 11", "41f", "41 f^1");
    check("^ff", "0", "0^f");
    check("00 ^", "4", "00 4^0");
    check("00 ^", "4 1", "00 41 ^");
    check("^", "dead", "de ad ^");
    check("00 [11 22^] 33", "4 1", "00 41 ^22 33");
    check("00 [^11 22] 33", "4 1", "00 41 ^22 33");
}

#[test]
fn hex_digits_insert_in_insert_mode() {
    check("00 ^11", "Insert 4", "00 4^0 11");
    check("00 ^11", "Insert 41", "00 41 ^11");
    check("00 ^11", "Insert 415", "00 41 5^0 11");
    check("^", "Insert 41", "41 ^");
    check("00 [11 22^] 33", "Insert 4", "00 4^0 33");
    check("00 [^11 22] 33", "Insert 41", "00 41 ^33");
    check("[00 11^]", "Insert 41", "41 ^");
}

#[test]
fn what_is_no_digit_is_refused_and_changes_nothing() {
    check_refused("^00", "g", "^00", "hex digit");
    check_refused("^00", "4g", "4^0", "hex digit");
    Script::in_radix(Radix::Binary).check_refused("^00000000", "2", "^00000000", "binary digit");
    Script::in_radix(Radix::Octal).check_refused("^000", "4", "^000", "377");
    Script::in_radix(Radix::Octal).check_refused("^000", "8", "^000", "377");
    Script::in_radix(Radix::Decimal).check_refused("^000", "26", "2^00", "255");
    Script::in_radix(Radix::Decimal).check_refused("^000", "a", "^000", "255");
}

#[test]
fn the_other_radices_take_their_digits() {
    let decimal = Script::in_radix(Radix::Decimal);
    decimal.check("^017 001", "255", "255 ^001");
    decimal.check("^255", "1", "1^00");
    decimal.check("^255", "09", "09^0");
    decimal.check("017 ^", "042", "017 042 ^");
    decimal.check("017 ^001", "Insert 2", "017 2^00 001");
    let octal = Script::in_radix(Radix::Octal);
    octal.check("^377 001", "012", "012 ^001");
    octal.check("^000", "377", "377 ^");
    let binary = Script::in_radix(Radix::Binary);
    binary.check("^11111111", "0", "0^1111111");
    binary.check("^00000000 00000001", "10100101", "10100101 ^00000001");
    binary.check("00000001 ^", "Insert 1", "00000001 1^0000000");
}

#[test]
fn a_half_typed_byte_can_be_left() {
    check("^00 11", "4 Right", "40 ^11");
    check("^00 11", "4 Left", "^40 11");
    check("^00 11", "4 Left 5", "5^0 11");
    check("^00 11", "4 Tab", "^40 11");
    check("^00 11", "4 Ctrl+A", "[40 11^]");
    check("00 ^11", "Insert 4 Backspace", "00 ^11");
    check("00 ^", "4 Backspace", "00 ^");
    check("^ab 11", "4 Backspace", "^ab 11");
    check("00 ^ab", "4 Backspace 5 6", "00 56 ^");
}

#[test]
fn text_overwrites_as_many_bytes_as_it_has() {
    check("^00 11 22", "Tab Hi", "48 69 ^22");
    check("00 ^11", "Tab Hi!", "00 48 69 21 ^");
    check("00 [11 22^] 33", "Tab H", "00 48 ^22 33");
    check("^00 00", "Tab H␣", "48 20 ^");
    let utf8 = Script::in_text(Encoding::Utf8);
    utf8.check("^00 11 22", "é", "c3 a9 ^22");
    utf8.check("^00 11 22", "é€", "c3 a9 e2 82 ac ^");
    utf8.check("^00 11 22 33 44", "🎉", "f0 9f 8e 89 ^44");
    let utf16 = Script::in_text(Encoding::Utf16Le);
    utf16.check("^00 11 22", "H", "48 00 ^22");
    utf16.check("^00 11 22", "🎉", "3c d8 89 df ^");
    Script::in_text(Encoding::Utf16Be).check("^00 11 22", "H", "00 48 ^22");
}

#[test]
fn text_inserts_in_insert_mode() {
    check("00 ^11", "Insert Tab Hi", "00 48 69 ^11");
    check("00 [11 22^] 33", "Insert Tab H", "00 48 ^33");
    Script::in_text(Encoding::Utf8).check("00 ^11", "Insert é", "00 c3 a9 ^11");
    Script::in_text(Encoding::Utf16Le).check("00 ^11", "Insert H", "00 48 00 ^11");
}

#[test]
fn a_character_that_the_encoding_lacks_is_refused() {
    check_refused("^00 11", "Tab é", "^00 11", "has no 'é'");
    check_refused("^00 11", "Tab Hé", "48 ^11", "has no 'é'");
    Script::in_text(Encoding::Latin1).check_refused("^00", "€", "^00", "has no '€'");
}

#[test]
fn backspace_removes_in_insert_mode_and_steps_back_otherwise() {
    check("00 11 ^22", "Backspace", "00 ^11 22");
    check("^00 11", "Backspace", "^00 11");
    check("00 11 ^", "Backspace", "00 ^11");
    check("00 11 ^22", "Insert Backspace", "00 ^22");
    check("00 11 22 ^", "Insert Backspace Backspace", "00 ^");
    check("^00", "Insert Backspace", "^00");
    check("^", "Insert Backspace", "^");
    check("00 [11 22^] 33", "Backspace", "00 ^33");
    check("00 [11 22^] 33", "Insert Backspace", "00 ^33");
}

#[test]
fn delete_removes_the_selection_and_in_insert_mode_the_next_byte() {
    check("00 [11^] 22", "Delete", "00 ^22");
    check("00 [^11 22]", "Delete", "00 ^");
    check("00 ^11 22", "Insert Delete", "00 ^22");
    check("00 ^11 22", "Insert Delete Delete", "00 ^");
    check("00 ^", "Insert Delete", "00 ^");
    check_refused("00 ^11 22", "Delete", "00 ^11 22", "insert mode");
}

#[test]
fn values_are_erased_whole() {
    let values = Script::in_values("<u2");
    values.check("00 00 ^11 11", "Insert Delete", "00 00 ^");
    values.check("00 00 11 11 ^22 22", "Insert Backspace", "00 00 ^22 22");
    values.check("00 00 ^11 11", "Backspace", "^00 00 11 11");
    values.check("00 00 11 11 22 ^", "Insert Backspace", "00 00 11 11 ^");
}

#[test]
fn the_caret_moves_by_keys_and_extends_the_selection() {
    check("^00 11 22", "Right Right", "00 11 ^22");
    check("^00 11 22", "Shift+Right Shift+Right", "[00 11^] 22");
    check("00 11 ^22", "Shift+Left", "00 [^11] 22");
    check("[00 11^] 22", "Left", "^00 11 22");
    check("[00 11^] 22", "Right", "00 11 ^22");
    check("00 ^11 22", "Shift+Ctrl+End", "00 [11 22^]");
    check("00 ^11 22", "Shift+Ctrl+Home", "[^00] 11 22");
    check("00 ^11 22", "End", "00 11 22 ^");
    check("00 [11 22^]", "Escape", "00 ^11 22");
    Script::in_values("<u2").check("^00 00 11 11", "Shift+Right", "[00 00^] 11 11");
}
