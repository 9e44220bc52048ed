//! Prints `ui/src/api/types.ts`.

fn main() {
    print!("{}", yinxin_commands::typescript());
}
