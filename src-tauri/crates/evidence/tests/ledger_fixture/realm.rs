//! A realm: a register, and what it says of an office.

use yinxin_evidence::{Admission, Evidence};
use yinxin_ledger::log_proof::LogProof;
use yinxin_ledger::policy::{CutOff, Policy};
use yinxin_ledger::tree;
use yinxin_record::Digest;
use yinxin_record::act::{Act, Appointment, CertifiedKeys, Membership, Standing, Successor, Warrant};
use yinxin_record::key::{PublicKey, SecretKey, Signer as _};
use yinxin_record::roster::Role;
use yinxin_record::rules::View;
use yinxin_record::statement::{Base, Statement, sign_alone};

use super::{CODE, Memory, Office, id};

pub const REALM: &str = "city.example";

impl Office {
    /// The register of the realm, with its two admins.
    pub fn register(seed: &str) -> Self {
        let mut register = Self::found_as(&format!("{REALM}/register"), REALM, seed);
        register.admit("sys", &[Role::SystemAdmin]);
        register.admit("sec", &[Role::SecurityAdmin]);
        register
    }

    /// What the register would say of `office` at this size of its ledger.
    pub fn standing(&self, office: &Self, size: u64) -> Standing {
        let known = self.offices.get(&id(&office.name));
        let follows = known.map(|known| Successor { version: known.version + 1, previous: known.leaf });
        Standing {
            code: CODE.to_owned(),
            name: office.genesis.name.clone(),
            ledger: office.leaves[0],
            keys: office.host.clone(),
            head: Base { size, root: office.root(size) },
            roster: office.roster_at(size).digest(),
            suspended: false,
            successors: Vec::new(),
            follows,
        }
    }

    /// Says it, signed by both admins. Gives the position.
    pub fn say(&mut self, office: &Self, standing: Standing) -> u64 {
        let entry = self.signed(&Act::Office(Box::new(standing)), id(&office.name), "sys", "sec");
        self.append(entry)
    }

    pub fn admit_office(&mut self, office: &Self) -> u64 {
        let standing = self.standing(office, View::size(office));
        self.say(office, standing)
    }

    pub fn roster_at(&self, size: u64) -> yinxin_record::roster::Roster {
        let at = usize::try_from(size).unwrap();
        self.rosters.get(at).unwrap_or(&self.roster).clone()
    }

    /// The entry at `position` as a part of a file of `office` under the checkpoint
    /// of `size`.
    pub fn admission(&self, position: u64, office: &Self, size: u64) -> Admission {
        self.witnessed_admission(position, office, size, &[])
    }

    /// The same, cosigned.
    pub fn witnessed_admission(
        &self,
        position: u64,
        office: &Self,
        size: u64,
        witnesses: &[&str],
    ) -> Admission {
        let entry = self.entries[usize::try_from(position).unwrap()].clone();
        let Act::Office(standing) = Statement::parse(&entry).unwrap().act else {
            panic!("an act about an office");
        };
        let proof: LogProof = self.proof(position, View::size(self), witnesses);
        Admission {
            statement: entry,
            proof: proof.to_text(),
            roster: self.rosters[usize::try_from(position).unwrap()].to_bytes(),
            founding: office.roster_at(standing.head.size).to_bytes(),
            consistency: office.consistency(standing.head.size, size),
        }
    }

    /// Between two sizes, in either order.
    pub fn consistency(&self, one: u64, other: u64) -> Vec<Digest> {
        tree::consistency_proof(one.min(other), one.max(other), &Memory(&self.leaves)).unwrap()
    }

    /// The file of the version at `position`, with the admission that stands at
    /// `admitted` in `register`.
    pub fn file_in(&self, position: u64, register: &Self, admitted: u64) -> Evidence {
        let admission = register.admission(admitted, self, View::size(self));
        Evidence { admission: Some(admission), ..self.file(position) }
    }

    /// New keys for the host; what it signs from now on, it signs with these.
    pub fn rotate(&mut self) -> PublicKey {
        let old = self.host.log;
        self.generation = " anew".to_owned();
        let public = |role: &str| self.host_secret(role).public_key();
        self.host = CertifiedKeys {
            delivery: "age1anew".to_owned(),
            log: public("log"),
            receipt: public("receipt"),
            transport: public("transport"),
            witness: public("witness"),
        };
        old
    }

    /// Trusts this register, with these cut-offs of log keys.
    pub fn realm_policy(&self, cut_offs: Vec<CutOff>) -> Policy {
        Policy { cut_offs, ..Policy::of(1, &[self.log_key()], &[], 0).unwrap() }
    }
}

// Officers whom the register appoints.
impl Office {
    /// Somebody new is to be an officer of this office, with the key of that name.
    pub fn appointment(&mut self, name: &'static str, role: Role) -> Appointment {
        let (entry, person) = self.member(name, &[role]);
        let Act::Member(member) = Statement::parse(&entry).unwrap().act else { panic!("a member act") };
        let (person_id, people) = (person.id, person.people.clone());
        self.said.insert(View::size(self), people);
        self.persons.insert(name, person);
        Appointment {
            code: CODE.to_owned(),
            size: View::size(self),
            roster: self.roster.digest(),
            person: person_id,
            member,
            lender: None,
        }
    }

    /// Both admins of the register say it; the warrant.
    pub fn appoint(&mut self, office: &Self, appointment: Appointment) -> Warrant {
        let entry = self.signed(&Act::Appoint(Box::new(appointment)), id(&office.name), "sys", "sec");
        let position = self.append(entry);
        self.warrant(position)
    }

    /// The entry at `position`, whatever it is, as a warrant.
    pub fn warrant(&self, position: u64) -> Warrant {
        let at = usize::try_from(position).unwrap();
        Warrant {
            statement: self.entries[at].clone(),
            proof: self.proof(position, View::size(self), &[]).to_text(),
            roster: self.rosters[at].to_bytes(),
        }
    }

    /// The act with which the appointed person brings a warrant into the ledger.
    pub fn warranted(&self, appointment: &Appointment, warrant: &Warrant, signer: &SecretKey) -> Vec<u8> {
        let warrant = Some(Box::new(warrant.clone()));
        let act = Act::Member(Membership { warrant, ..appointment.member.clone() });
        sign_alone(&act, self.claims(appointment.person), self.anchor(), signer).unwrap()
    }
}
