//! Which samples the tables call sync samples: `stss`, `stps` and the sample group `rap `.

use super::super::boxes::{BoxBytes, Table};

/// Which samples are sync samples: `stss`, QuickTime's partial sync samples `stps`, and the random
/// access points of sample group `rap `.
pub(super) struct SyncTable<'a> {
    /// `None` without `stss`: then all are.
    listed: Option<Table<'a, 1>>,
    partial: Table<'a, 1>,
    groups: Table<'a, 2>,
    next_listed: usize,
    next_partial: usize,
    group: usize,
    group_used: u32,
    /// 1, or 0 for lists that count from 0.
    base: u64,
}

impl<'a> SyncTable<'a> {
    pub(super) fn of(stbl: BoxBytes<'a>) -> Self {
        let listed = stbl.child(b"stss").map(Table::of);
        let partial: Table<'_, 1> = stbl.child(b"stps").map(Table::of).unwrap_or_default();
        let positive = |table: &Table<'_, 1>| table.get(0).is_some_and(|[first]| first > 0);
        let base = listed.as_ref().is_some_and(positive) || positive(&partial);
        let groups = stbl.children().filter(|child| child.kind == *b"sbgp");
        let groups = groups
            .filter_map(random_access_groups)
            .next()
            .unwrap_or_default();
        Self {
            listed,
            partial,
            groups,
            next_listed: 0,
            next_partial: 0,
            group: 0,
            group_used: 0,
            base: u64::from(base),
        }
    }

    pub(super) fn lists_any(&self) -> bool {
        let listed = self.listed.is_some_and(|listed| !listed.is_empty());
        listed || !self.partial.is_empty() || !self.groups.is_empty()
    }

    /// Whether this sample, the one after the one asked for before, is a sync sample.
    pub(super) fn next(&mut self, number: usize) -> bool {
        let number = number as u64 + self.base;
        let mut sync = false;
        let mut listed_one = false;
        match &self.listed {
            None => sync = true,
            Some(list) if list.is_empty() => {
                let others = !self.partial.is_empty() || !self.groups.is_empty();
                sync = number == self.base && !others;
            }
            Some(list) => {
                if list
                    .get(self.next_listed)
                    .is_some_and(|[at]| u64::from(at) == number)
                {
                    self.next_listed += usize::from(self.next_listed + 1 < list.len());
                    (sync, listed_one) = (true, true);
                }
            }
        }
        if !listed_one
            && self
                .partial
                .get(self.next_partial)
                .is_some_and(|[at]| u64::from(at) == number)
        {
            self.next_partial += usize::from(self.next_partial + 1 < self.partial.len());
            sync = true;
        }
        if let Some([count, group]) = self.groups.get(self.group) {
            sync |= group > 0;
            self.group_used = self.group_used.saturating_add(1);
            if self.group_used == count {
                self.group_used = 0;
                self.group += 1;
            }
        }
        sync
    }
}

/// The rows `[sample count, group]` of an `sbgp` box of type `rap `.
fn random_access_groups(sbgp: BoxBytes<'_>) -> Option<Table<'_, 2>> {
    let (version, _, mut fields) = sbgp.full()?;
    if fields.kind()? != *b"rap " {
        return None;
    }
    if version == 1 {
        fields.u32()?;
    }
    let count = fields.u32()?;
    Some(Table::rows(fields, count))
}
