mod search;

fn main() {
    search::run();
}
